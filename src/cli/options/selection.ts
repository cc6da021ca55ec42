import { resolve } from 'node:path';
import { findScenarios, listScenarios } from '../../scenario/library/library.js';
import { selectScenarios } from '../../scenario/library/select.js';
import type { Scenario } from '../../scenario/model/types.js';
import { UsageError } from '../../support/errors.js';
import { didYouMean } from '../../support/suggest.js';
import type { SelectionOptions } from './options.js';

/** What a command's scenario arguments may be, for `--help`. */
export const scenarioArguments =
  "ids, globs such as 'close/*', or paths of .yaml files; none: all of the library";

/** The scenarios that were named, or all, as far as the options let them through. */
export async function chooseScenarios(
  names: readonly string[],
  options: SelectionOptions,
): Promise<readonly Scenario[]> {
  return narrow(names.length === 0 ? await listScenarios() : await findScenarios(names), options);
}

/** Whether one of the names is this scenario's own, its id or its file, and not a glob. */
export function isNamed({ id, file }: Scenario, names: readonly string[]): boolean {
  return names.some((name) => name === id || resolve(name) === file);
}

/** The one scenario of this name. Throws UsageError when a glob means several. */
export async function oneScenario(name: string): Promise<Scenario> {
  const [scenario, ...others] = await findScenarios([name]);
  if (scenario !== undefined && others.length === 0) return scenario;
  throw new UsageError(
    `expected one scenario, found ${scenario === undefined ? 0 : others.length + 1} by \`${name}\``,
    {
      hint: 'for the scenarios there are, see `lvs-lab list`',
    },
  );
}

/** Those of the scenarios that the options let through. Throws UsageError when there are none. */
export function narrow(scenarios: readonly Scenario[], { tag, grep }: SelectionOptions): readonly Scenario[] {
  const selected = selectScenarios(scenarios, { tags: tag, grep });
  if (selected.length > 0) return selected;
  const wanted = [
    ...(tag.length === 0 ? [] : [`tagged ${tag.join(' or ')}`]),
    ...(grep === undefined ? [] : [`matching ${String(grep)}`]),
  ];
  throw new UsageError(
    `expected a scenario ${wanted.join(' and ')}, found none among ${scenarios.length}${tagsMeant(scenarios, tag)}`,
    { hint: 'see what there is, with its tags, in `lvs-lab list`' },
  );
}

/** The known tag that an unknown one may have meant. */
function tagsMeant(scenarios: readonly Scenario[], tags: readonly string[]): string {
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))];
  const unknown = tags.find((tag) => !known.includes(tag));
  return unknown === undefined ? '' : didYouMean(unknown, known);
}
