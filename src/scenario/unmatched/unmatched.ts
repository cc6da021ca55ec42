import type { Role } from '../../contracts/words/nodes.js';
import { awayInterface, noInterface, type InterfaceNames } from '../network/interfaceNames.js';
import { byPlace, type Place, placeOfLine, type TextPlace } from '../model/place.js';
import { nodesOf } from '../model/nodesOf.js';
import type { RuleSet, Scenario } from '../model/scenario.js';
import { type Filters, readFilters, type Source } from './rules/filterTexts.js';
import type { Unmatched } from '../model/unmatchedName.js';
import { LabAddresses } from './labAddresses.js';
import { type Lacking, lackingOf } from './lacking.js';
import { passages } from './passages.js';
import type { MarkSetting } from './rules/rule.js';
import { lackingSentence } from './sentences.js';
import { readSets } from './rules/sets.js';
import { interfacesOf, type NodeFacts } from './nodeFacts.js';
import { sysctlProblem } from './sysctlProblem.js';
import { decisiveRules, type Walk } from './walk.js';

type Path = readonly (string | number)[];

/** A scenario to check, and where its parts are in the file. */
export interface Checked {
  readonly scenario: Pick<Scenario, 'topology' | 'roles' | 'events' | 'flows'>;
  readonly placeOf: (path: Path) => TextPlace;
  /** The file's `interfaces` for each role. */
  readonly names: Readonly<Record<Role, InterfaceNames>>;
}

/** The texts of a role or event, and where they are in the file. */
interface Part {
  readonly role: Role;
  readonly path: Path;
  readonly rules: RuleSet;
  readonly sysctls: Readonly<Record<string, string>>;
  /** The packet filter when these texts are in force, including the role's own. */
  readonly filters: Filters;
}

/** All names in a scenario's rules, sets, commands and sysctls that its lab does not have, in the order of the file. */
export function unmatchedIn(checked: Checked): readonly Unmatched[] {
  const parts = partsOf(checked.scenario);
  const addresses = new LabAddresses(checked.scenario);
  const found = parts.flatMap((part) => [
    ...ofRules(part, parts, addresses, checked),
    ...ofSysctls(part, checked),
    ...ofFamily(part, checked),
    ...ofPorts(part, checked),
  ]);
  return grouped(found).sort((one, other) => byPlace(one.place, other.place));
}

function partsOf({ roles, events, topology }: Checked['scenario']): readonly Part[] {
  const ofRoles = (Object.keys(roles) as Role[]).map((role): Part => {
    const { sysctls, ...rules } = roles[role];
    return { role, path: [role], rules, sysctls, filters: readFilters(rules) };
  });
  const nothing: RuleSet = {
    ipset: undefined,
    rules: undefined,
    rules6: undefined,
    nftables: undefined,
    commands: [],
  };
  const ofEvents = events.flatMap(({ node, action }, index): Part[] => {
    const role = nodesOf(topology).find(({ name }) => name === node)?.role;
    if (role === undefined) return [];
    const common = { role, path: ['events', index], sysctls: {} };
    if (action.kind === 'sysctls')
      return [{ ...common, rules: nothing, sysctls: action.sysctls, filters: readFilters(nothing) }];
    if (action.kind === 'run') {
      const commands = [action.command.replaceAll('\n', ' ; ')];
      return [
        {
          ...common,
          path: ['events', index, 'run'],
          rules: { ...nothing, commands },
          filters: readFilters({ ...nothing, commands }),
        },
      ];
    }
    if (action.kind !== 'rules') return [];
    // Commands of an event add to the rules that are there.
    const own = action.rules;
    const commands =
      own.commands.length > 0
        ? readFilters({ ...roles[role], ...written(own), commands: own.commands })
        : readFilters(own);
    return [{ ...common, rules: own, filters: commands }];
  });
  return [...ofRoles, ...ofEvents];
}

function written({ rules, rules6, nftables }: RuleSet): Partial<RuleSet> {
  return {
    ...(rules !== undefined && { rules }),
    ...(rules6 !== undefined && { rules6 }),
    ...(nftables !== undefined && { nftables }),
  };
}

function ofRules(
  part: Part,
  parts: readonly Part[],
  addresses: LabAddresses,
  checked: Checked,
): readonly Unmatched[] {
  const { role, filters } = part;
  const { scenario } = checked;
  const onNode = parts.filter((one) => one.role === role);
  const node: NodeFacts = {
    interfaces: interfacesOf(role, scenario),
    aside: asideOf(role, checked),
    addresses,
    marks: [...onNode.flatMap((one) => one.filters.marks), ...serviceMarks(role, scenario)],
    sets: new Map(onNode.flatMap((one) => [...one.filters.sets, ...readSets(one.rules.ipset ?? '')])),
  };
  const walk: Walk = {
    node,
    passages: passages(role, scenario),
    family: scenario.topology.family,
    hasEntries: keepsEntries(role, onNode, scenario),
  };
  const decisive = new Set(filters.rulesets.flatMap((ruleset) => [...decisiveRules(ruleset, walk)]));
  return [...filters.sources].flatMap(([rule, source]) => {
    // Rules of the role that an event's commands are read with have been looked at as the role's.
    if (part.path[0] === 'events' && !isOwn(part, source)) return [];
    const place = placeOf(part, source, checked);
    return rule.asked
      .flatMap((asked) => lackingOf(asked, node))
      .filter((lacking) => !isSettled(lacking, onNode, node.aside))
      .map((lacking) =>
        foundOf(lacking, { place, counts: decisive.has(rule) && lacking.how !== 'partly' }, role, node),
      );
  });
}

function foundOf(
  lacking: Lacking,
  where: Pick<Unmatched, 'place' | 'counts'>,
  role: Role,
  node: NodeFacts,
): Unmatched {
  const message = lackingSentence(lacking, role, node.interfaces);
  return { kind: lacking.kind, name: lacking.name, lines: [], message, ...where };
}

function isOwn({ rules, path }: Part, { key }: Source): boolean {
  return path.length > 2 || (key === 'commands' ? rules.commands.length > 0 : rules[key] !== undefined);
}

/** Names that the file says have no part in the service, as they are written for the lab. */
function asideOf(role: Role, { names }: Checked): readonly string[] {
  const aside = Object.keys(names[role]).filter((name) => names[role][name] === noInterface);
  return aside.length === 0 ? [] : [...aside.map((name) => name.replace(/\+$/, '*')), awayInterface];
}

/** Whether the file says that an interface has no part in this, or a command may make what is lacking. */
function isSettled({ kind, name }: Lacking, onNode: readonly Part[], aside: readonly string[]): boolean {
  const isMade =
    (kind === 'interface' || kind === 'set') && onNode.some(({ filters }) => filters.other.has(name));
  return isMade || (kind === 'interface' && aside.includes(name));
}

function placeOf({ path }: Part, { key, line }: Source, checked: Checked): Place {
  if (path.length > 2) return checked.placeOf(path);
  return key === 'commands'
    ? checked.placeOf([...path, key, line - 1])
    : placeOfLine(checked.placeOf([...path, key]), line);
}

function serviceMarks(role: Role, { topology }: Checked['scenario']): readonly MarkSetting[] {
  if (role !== 'director') return [];
  return topology.services.flatMap(({ fwmark }) =>
    fwmark === undefined ? [] : [{ of: 'packet' as const, value: fwmark }],
  );
}

/** Whether the nodes keep conntrack entries of the service's connections; a director does only where it is told to, or sees the replies. */
function keepsEntries(role: Role, onNode: readonly Part[], { topology }: Checked['scenario']): boolean {
  if (role !== 'director') return true;
  if (topology.forwarding === 'nat' || topology.replies === 'director' || topology.localRealserver)
    return true;
  const names = onNode.flatMap(({ sysctls, rules }) => [...Object.keys(sysctls), ...rules.commands]);
  return names.some((name) => /vs[./]conntrack/.test(name));
}

function ofSysctls(
  { role, path, sysctls }: Part,
  { scenario, placeOf: place }: Checked,
): readonly Unmatched[] {
  const interfaces = interfacesOf(role, scenario);
  return Object.keys(sysctls).flatMap((key): Unmatched[] => {
    const problem = sysctlProblem(key, interfaces);
    if (problem === undefined) return [];
    const { kind, name, meant } = problem;
    const message =
      kind === 'interface'
        ? `the lab's ${role} has no interface \`${name}\` (it has ${interfaces.join(', ')}): a run ends when it comes to set \`${key}\``
        : `no kernel that is known here has the sysctl \`${key}\`${meant === undefined ? '' : ` (\`${meant}\`?)`}: a run ends when its kernel has none either`;
    return [{ kind, name, place: place([...path, 'sysctls', key]), lines: [], message, counts: false }];
  });
}

/** A node's rules that are all of the other family see none of the service's packets. */
function ofFamily(
  { role, path, rules }: Part,
  { scenario: { topology }, placeOf: place }: Checked,
): readonly Unmatched[] {
  const [other, key, right] =
    topology.family === 'ipv6'
      ? (['IPv4', 'rules', 'rules6'] as const)
      : (['IPv6', 'rules6', 'rules'] as const);
  if (
    rules[key] === undefined ||
    rules[right] !== undefined ||
    rules.nftables !== undefined ||
    rules.commands.length > 0
  )
    return [];
  const message = `the rules of the ${role} are ${other}'s, and the service is ${topology.family === 'ipv6' ? 'IPv6' : 'IPv4'}: they see none of its packets. Its own go under \`${right}\``;
  return [{ kind: 'family', name: other, place: place([...path, key]), lines: [], message, counts: true }];
}

/** A director whose rules name ports, and none of the service's. */
function ofPorts(
  { role, path, filters }: Part,
  { scenario: { topology }, placeOf: place }: Checked,
): readonly Unmatched[] {
  if (role !== 'director' || path[0] === 'events') return [];
  const rules = [...filters.sources.keys()].filter(({ asked }) =>
    asked.some((one) => one.kind === 'protocol' && one.names.includes('tcp')),
  );
  const ranges = rules.flatMap(({ asked }) =>
    asked.flatMap((one) => (one.kind === 'ports' && one.side !== 'source' ? one.ranges : [])),
  );
  const served = topology.services.map(({ port }) => port);
  if (ranges.length === 0 || ranges.some(([from, to]) => served.some((port) => from <= port && port <= to)))
    return [];
  const named = [
    ...new Set(ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))),
  ].slice(0, 8);
  const message = `the director's rules name the TCP ports ${named.join(', ')} and none of the service (${served.join(', ')}): say what it serves with \`topology.services\``;
  return [{ kind: 'port', name: served.join(', '), place: place(path), lines: [], message, counts: false }];
}

/** One of each that says the same of the same file, with the lines of all. */
function grouped(found: readonly Unmatched[]): Unmatched[] {
  const groups = new Map<
    string,
    { readonly first: Unmatched; readonly lines: Set<number>; counts: boolean }
  >();
  for (const one of found) {
    const key = JSON.stringify([one.place.file, one.message]);
    const group = groups.get(key) ?? { first: one, lines: new Set(), counts: false };
    group.lines.add(one.place.line);
    group.counts ||= one.counts;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first, lines, counts }) => {
    lines.delete(first.place.line);
    return { ...first, lines: [...lines], counts };
  });
}
