import { type Role, roles } from '../../contracts/words/nodes.js';
import { type InterfaceNames, type KeptName, renameInRules } from '../network/interfaceNames.js';
import { nodesOf } from '../model/nodesOf.js';
import { nodeSection } from './nodeSection.js';
import type { KeyPath, TextPlace } from '../model/place.js';
import { placesOf } from './places.js';
import type { ScenarioFile } from './schema/file.js';
import { toRuleSet } from './toScenario.js';
import type { Scenario } from '../model/scenario.js';
import type { FiledScenario } from './toScenario.js';
import { unmatchedIn } from '../unmatched/unmatched.js';

/** Adds to a scenario the names that its lab does not have, and where each text is in the file. With `unmatched: accept` none of them affects the verdict. */
export function withUnmatched(
  scenario: FiledScenario,
  file: ScenarioFile,
  placeOf: (path: KeyPath) => TextPlace,
): Omit<Scenario, 'mutation'> {
  const nodes = nodesOf(scenario.topology);
  const names = Object.fromEntries(
    roles.map((role) => {
      const sections = nodes.filter((node) => node.role === role).map((node) => nodeSection(file, node));
      return [role, Object.assign({}, file[role]?.interfaces, ...sections.map((one) => one.interfaces))];
    }),
  ) as Record<Role, InterfaceNames>;
  // What a node has of its role is where the role's section has it.
  const written = (path: KeyPath): TextPlace => {
    const [section, name = '', key = '', ...rest] = path;
    const own: object = section === 'nodes' ? (file.nodes[name] ?? {}) : {};
    const role = nodes.find((node) => node.name === name)?.role;
    return section !== 'nodes' || role === undefined || key in own
      ? placeOf(path)
      : placeOf([role, key, ...rest]);
  };
  const found = unmatchedIn({ scenario, placeOf: written, names, kept: keptIn(scenario, file) });
  const unmatched = file.unmatched === 'accept' ? found.map((one) => ({ ...one, counts: false })) : found;
  return { ...scenario, unmatched, places: placesOf(scenario, written) };
}

/** Names of interfaces that could not be made the lab's, by the paths of the texts that have them. */
function keptIn(
  { topology }: Pick<Scenario, 'topology'>,
  file: ScenarioFile,
): ReadonlyMap<string, readonly KeptName[]> {
  const nodes = nodesOf(topology);
  const ofRoles = roles.map((role) => {
    const { interfaces = {}, ...texts } = file[role] ?? {};
    return [role, renameInRules(toRuleSet(texts), interfaces).kept] as const;
  });
  const ofNodes = nodes.flatMap((node) => {
    if (file.nodes[node.name] === undefined) return [];
    const { interfaces, ...texts } = nodeSection(file, node);
    return [[`nodes.${node.name}`, renameInRules(toRuleSet(texts), interfaces).kept] as const];
  });
  const ofEvents = file.events.map((event, index) => {
    const node = nodes.find(({ name }) => name === event.on) ?? { name: 'client', role: 'client' };
    const { interfaces, ...texts } = nodeSection(file, node);
    const path = ['events', index, ...(event.run === undefined ? [] : ['run'])].join('.');
    return [path, renameInRules(toRuleSet(event), interfaces, toRuleSet(texts)).kept] as const;
  });
  return new Map([...ofRoles, ...ofNodes, ...ofEvents]);
}
