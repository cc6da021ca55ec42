import type { KeyPath, TextPlace } from '../model/place.js';
import { ruleTextKeys } from '../../contracts/words/rules.js';
import type { Scenario } from '../model/scenario.js';

/** Where a scenario's rules, commands and sysctls are in its file, by paths such as `director.rules`, `nodes.realserver1.rules` and `events.0.commands.1`. */
export function placesOf(
  { roles, nodes, events }: Pick<Scenario, 'roles' | 'nodes' | 'events'>,
  placeOf: (path: KeyPath) => TextPlace,
): Readonly<Record<string, TextPlace>> {
  const ofTexts = (path: KeyPath, texts: Partial<Scenario['roles']['director']>): KeyPath[] => [
    ...ruleTextKeys.filter((key) => texts[key] !== undefined).map((key) => [...path, key]),
    ...(texts.commands ?? []).map((_, index) => [...path, 'commands', index]),
    ...Object.keys(texts.sysctls ?? {}).map((key) => [...path, 'sysctls', key]),
  ];
  const paths = [
    ...Object.entries(roles).flatMap(([role, texts]) => ofTexts([role], texts)),
    ...Object.entries(nodes).flatMap(([name, texts]) => ofTexts(['nodes', name], texts)),
    ...events.flatMap(({ action }, index) => {
      const path = ['events', index];
      if (action.kind === 'run') return [[...path, 'run']];
      if (action.kind === 'sysctls') return ofTexts(path, { sysctls: action.sysctls });
      return action.kind === 'rules' ? ofTexts(path, action.rules) : [];
    }),
  ];
  return Object.fromEntries(paths.map((path) => [path.join('.'), placeOf(path)]));
}
