import type { RequirementState } from '../../contracts/words/requirements.js';
import type { Paint } from '../text/colour.js';
import { fitText } from '../text/wrap.js';

/** The facts about a requirement that are shown. */
interface ShownRequirement {
  readonly name: string;
  readonly state: RequirementState;
  readonly detail: string;
  readonly fix: string | undefined;
}

/** A line for each thing that the lab needs, and below it how to get it. */
export function requirementsText(requirements: readonly ShownRequirement[], paint: Paint): string {
  const mark: Readonly<Record<RequirementState, string>> = {
    ok: paint.green('ok     '),
    missing: paint.red('missing'),
    warning: paint.yellow('warning'),
  };
  const lines = requirements
    .flatMap(({ name, state, detail, fix }) => [
      `${mark[state]}  ${name}: ${detail}`,
      ...(fix === undefined || state === 'ok' ? [] : [`         fix: ${fix}`]),
    ])
    .map((line) => `${line}\n`);
  return fitText(lines.join(''), paint.columns);
}
