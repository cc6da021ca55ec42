import type { Draft, DraftLine } from '../model/draft.js';

/** What became of a line; `ends` says whether a line feed is behind it. */
interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  readonly ends: boolean;
}

/** Lines around a change that show where it is. */
const context = 3;

/** The changes of files as a unified diff, which `patch -p0` and `git apply -p0` take. */
export function unifiedDiff(drafts: readonly { readonly before: string; readonly draft: Draft }[]): string {
  return drafts.map(({ before, draft }) => fileDiff(before, draft)).join('');
}

function fileDiff(before: string, draft: Draft): string {
  const steps = stepsOf(before, draft.lines);
  const changed = steps.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  if (changed.length === 0) return '';
  const hunks = hunksOf(changed, steps.length).map(([from, to]) => hunkText(steps, from, to));
  // `patch` takes no name that leads out of its folder; with a file named after it, it takes any.
  const name = draft.name.replace(/^(?:\.*\/)+/, '');
  return `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
}

/** Which lines stay is known, so that nothing has to be searched for. */
function stepsOf(before: string, lines: readonly DraftLine[]): readonly Step[] {
  const old = before.split('\n');
  const oldEnds = (index: number) => index < old.length - 1;
  const newEnds = (index: number) => index < lines.length - 1;
  const steps: Step[] = [];
  let next = 0;
  const drop = (to: number) => {
    for (; next < to; next += 1) steps.push({ sign: '-', text: old[next] ?? '', ends: oldEnds(next) });
  };
  for (const [index, { text, origin }] of lines.entries()) {
    // A line feed at the end of a file is no line behind it.
    const isNone = index === lines.length - 1 && text === '';
    if (origin === undefined) steps.push({ sign: '+', text, ends: newEnds(index) });
    else {
      drop(origin - 1);
      next = origin;
      if (isNone) continue;
      if (oldEnds(origin - 1) === newEnds(index)) steps.push({ sign: ' ', text, ends: newEnds(index) });
      else
        steps.push({ sign: '-', text, ends: oldEnds(origin - 1) }, { sign: '+', text, ends: newEnds(index) });
    }
  }
  drop(old.at(-1) === '' ? old.length - 1 : old.length);
  return goneFirst(steps);
}

/** In each row of changes what is gone before what is new, as people expect it. */
function goneFirst(steps: readonly Step[]): readonly Step[] {
  const sorted: Step[] = [];
  let added: Step[] = [];
  for (const step of steps) {
    if (step.sign === '+') added.push(step);
    else {
      if (step.sign === ' ') {
        sorted.push(...added);
        added = [];
      }
      sorted.push(step);
    }
  }
  return [...sorted, ...added];
}

/** The first step of each hunk, and the one behind its last. */
function hunksOf(changed: readonly number[], count: number): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = [];
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - context), Math.min(count, index + context + 1)];
    const last = hunks.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function hunkText(steps: readonly Step[], from: number, to: number): string {
  const own = steps.slice(from, to);
  const count = (all: readonly Step[], sign: '-' | '+') =>
    all.filter((step) => step.sign === ' ' || step.sign === sign).length;
  const range = (sign: '-' | '+') => {
    const length = count(own, sign);
    const first = count(steps.slice(0, from), sign) + (length === 0 ? 0 : 1);
    return length === 1 ? `${first}` : `${first},${length}`;
  };
  const lines = own.map(
    ({ sign, text, ends }) => `${sign}${text}\n${ends ? '' : '\\ No newline at end of file\n'}`,
  );
  return `@@ -${range('-')} +${range('+')} @@\n${lines.join('')}`;
}
