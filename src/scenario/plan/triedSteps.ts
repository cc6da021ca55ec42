import { nominalSubnets } from '../network/nominalSubnets.js';
import type { IptablesFlavour, Role } from '../../contracts/words/nodes.js';
import type { RuleTextKey } from '../../contracts/words/rules.js';
import { addressesIn, allocateAddresses } from '../network/allocation.js';
import { type NamedRole, nodesOf } from '../model/nodesOf.js';
import { settingsOf } from '../model/settingsOf.js';
import { fillPlaceholders, fillRules } from './commands/placeholders.js';
import { placeholderValues } from './commands/placeholderValues.js';
import { loadedTexts } from './commands/ruleLoading.js';
import { namedDevices } from './setup/sides.js';
import type { RoleSettings, RuleSet, Scenario } from '../model/scenario.js';

/** One thing to try out in an unused namespace, before there is a lab. */
export interface TriedStep {
  readonly kind: 'unit' | 'sysctl' | RuleTextKey | 'command';
  readonly text: string;
  /** The key of its place in `Scenario.places`. */
  readonly path: string;
  /** Who loads it, in words for people. */
  readonly of: string;
}

const simpleProgram = /^(?:\/\S*\/)?(?:ip6?tables(?:-nft|-legacy)?|nft|ipset) /;

/**
 * Everything that a scenario loads into its nodes and that can be tried without them: each role's texts, and each node's together with its
 * events.
 */
export function triedSteps(scenario: Omit<Scenario, 'mutation'>): readonly TriedStep[] {
  const { topology, roles, events } = scenario;
  const values = placeholderValues(addressesIn(topology, allocateAddresses(topology, nominalSubnets)));
  const nodes = nodesOf(topology);
  const hasOwn = ({ name }: NamedRole): boolean => scenario.nodes[name] !== undefined;
  const single = nodes.filter((node) => hasOwn(node) || events.some((event) => event.node === node.name));
  const others = (Object.keys(roles) as Role[]).filter(
    (role) => !single.some((node) => node.role === role && !hasOwn(node)),
  );
  const devicesOf = (role: Role) => (role === 'director' ? namedDevices({ topology }) : []);
  const ofSettings = (
    settings: RoleSettings,
    path: string,
    { of, role }: { readonly of: string; readonly role: Role },
  ): readonly TriedStep[] => [
    { kind: 'unit', text: [settings.iptables, ...devicesOf(role)].join(' '), path, of },
    ...sysctlSteps(settings.sysctls, path, of),
    ...textSteps(fillRules(settings, values), path, of),
  ];
  const ofNode = (node: NamedRole): readonly TriedStep[] =>
    hasOwn(node)
      ? ofSettings(settingsOf(scenario, node), `nodes.${node.name}`, { of: node.name, role: node.role })
      : ofSettings(roles[node.role], node.role, { of: node.role, role: node.role });
  const ofEvents = (name: string, flavour: IptablesFlavour): readonly TriedStep[] =>
    events.flatMap(({ node, action }, index): readonly TriedStep[] => {
      const path = `events.${index}`;
      const of = `an event on ${name}`;
      if (node !== name) return [];
      if (action.kind === 'sysctls') return sysctlSteps(action.sysctls, path, of);
      if (action.kind === 'run')
        return commandSteps([fillPlaceholders(action.command, values)], () => `${path}.run`, of);
      // Another flavour's tables are others.
      if (action.kind !== 'rules' || action.iptables !== flavour) return [];
      return textSteps(fillRules(action.rules, values), path, of);
    });
  const units = [
    ...others.map((role) => ofSettings(roles[role], role, { of: role, role })),
    ...single.map((node) => [...ofNode(node), ...ofEvents(node.name, settingsOf(scenario, node).iptables)]),
  ];
  return units.filter((steps) => steps.length > 1).flat();
}

function sysctlSteps(
  sysctls: Readonly<Record<string, string>>,
  path: string,
  of: string,
): readonly TriedStep[] {
  return Object.keys(sysctls).map((key) => ({
    kind: 'sysctl',
    text: sysctlPath(key),
    path: `${path}.sysctls.${key}`,
    of,
  }));
}

/** The file of a sysctl below /proc/sys; for one of an interface that only a node has, that of `default`. */
function sysctlPath(key: string): string {
  const parts = key.split('.').map((part) => part.replaceAll('/', '.'));
  const isOfInterface = (parts[2] === 'conf' || parts[2] === 'neigh') && parts[3] !== 'all';
  return (isOfInterface ? parts.with(3, 'default') : parts).join('/');
}

function textSteps(rules: RuleSet, path: string, of: string): readonly TriedStep[] {
  return [
    ...loadedTexts(rules).map(([kind, text]): TriedStep => ({ kind, text, path: `${path}.${kind}`, of })),
    ...commandSteps(rules.commands, (index) => `${path}.commands.${index}`, of),
  ];
}

/** Calls of the packet filter's programs, up to the first command of another kind, on whose work the next may stand. */
function commandSteps(
  lines: readonly string[],
  pathOf: (index: number) => string,
  of: string,
): readonly TriedStep[] {
  const firstOther = lines.findIndex((line) => !isSimple(line));
  const simple = firstOther < 0 ? lines : lines.slice(0, firstOther);
  return simple.map((text, index) => ({ kind: 'command', text, path: pathOf(index), of }));
}

function isSimple(line: string): boolean {
  return simpleProgram.test(line) && !/[$`;|&<>\n]/.test(line) && !/ (?:-f|--file|restore) /.test(`${line} `);
}
