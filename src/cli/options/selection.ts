import { resolve } from 'node:path';
import { findScenarios, listScenarios } from '../../scenario/library/library.js';
import { selectScenarios } from '../../scenario/library/select.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { UsageError } from '../../support/errors.js';
import { didYouMean } from '../../support/suggest.js';
import type { SelectionOptions } from './options.js';

/** Describes scenario arguments in the `--help` of commands. */
export const scenarioArguments =
  "ids, globs such as 'close/*', or paths of .yaml files; none: all of the library";

/** The named scenarios, or all, that the options select. Throws UsageError for an unknown name, and when none is left. */
export async function chooseScenarios(
  names: readonly string[],
  options: SelectionOptions,
): Promise<readonly Scenario[]> {
  return narrow(names.length === 0 ? await listScenarios() : await findScenarios(names), options);
}

/** Whether one of the names is this scenario's own id or file, and not a glob that covers it. */
export function isNamed({ id, file }: Scenario, names: readonly string[]): boolean {
  return names.some((name) => name === id || resolve(name) === file);
}

/** The one scenario with this name. Throws UsageError when there is none, or a glob matches several. */
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

/** The scenarios with their mutations made; ids and expectations stay the same. */
export function withMutations(scenarios: readonly Scenario[]): readonly Scenario[] {
  const without = scenarios.filter(({ mutation }) => mutation === undefined).map(({ id }) => id);
  if (without.length > 0) {
    throw new UsageError(
      `expected each scenario to have a mutation with --mutate, found none in ${without.join(', ')}`,
      {
        hint: 'add a `mutation` to the file, or select other scenarios',
      },
    );
  }
  return scenarios.flatMap(({ title, mutation }) =>
    mutation === undefined
      ? []
      : [{ ...mutation.scenario, title: `${title} (mutation: ${mutation.what})`, mutation: undefined }],
  );
}

/** The scenarios that the options select. Throws UsageError when there are none. */
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

/** A suggestion for an unknown tag: the known tag that was probably meant. */
function tagsMeant(scenarios: readonly Scenario[], tags: readonly string[]): string {
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))];
  const unknown = tags.find((tag) => !known.includes(tag));
  return unknown === undefined ? '' : didYouMean(unknown, known);
}
