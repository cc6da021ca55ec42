import type { Draft } from '../model/draft.js';

/** A line that is gone, or one that is new. */
export type LineChange =
  | { readonly kind: 'gone'; readonly line: number }
  /** `before` is the line of the old text that comes next. */
  | { readonly kind: 'new'; readonly line: number; readonly before: number };

/** The changes of a file in the order of its lines; what is gone comes before what is new in its place. */
export function lineChanges(before: Draft, after: Draft): readonly LineChange[] {
  const found: LineChange[] = [];
  let added: LineChange[] = [];
  let next = 1;
  const drop = (to: number) => {
    for (; next < to; next += 1) found.push({ kind: 'gone', line: next });
  };
  for (const [index, { origin }] of after.lines.entries()) {
    if (origin === undefined) {
      added.push({ kind: 'new', line: index + 1, before: next });
      continue;
    }
    drop(origin);
    found.push(...added.map((one) => ({ ...one, before: origin })));
    added = [];
    next = origin + 1;
  }
  drop(before.lines.length + 1);
  return [...found, ...added];
}
