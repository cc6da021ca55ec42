import type { Paint } from '../text/colour.js';
import { fitText } from '../text/wrap.js';

/** What `findingsText` shows of each thing that the lab needs. */
interface ShownFinding {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'warning';
  readonly detail: string;
  readonly fix: string | undefined;
}

/** One line for each finding, and below it what to do about it. */
export function findingsText(findings: readonly ShownFinding[], paint: Paint): string {
  const mark = {
    ok: paint.green('ok     '),
    missing: paint.red('missing'),
    warning: paint.yellow('warning'),
  };
  const lines = findings
    .flatMap(({ name, state, detail, fix }) => [
      `${mark[state]}  ${name}: ${detail}`,
      ...(fix === undefined || state === 'ok' ? [] : [`         fix: ${fix}`]),
    ])
    .map((line) => `${line}\n`);
  return fitText(lines.join(''), paint.columns);
}
