import type { Role } from '../../contracts/words/nodes.js';
import { awayInterface, noInterface } from '../network/interfaceNames.js';
import { namesOfCall } from '../syntax/calls/callNames.js';
import { mergedSets } from '../syntax/namedSets.js';
import type { LabAddresses } from './lab/labAddresses.js';
import type { UnmatchedTerm } from './lab/unmatchedTerm.js';
import { interfacesOf, type NodeFacts } from './lab/nodeFacts.js';
import type { Checked, Part } from './parts.js';
import type { MarkSetting } from './rules/rule.js';

/** The nodes of a role as the scenario's texts make them. */
export interface RoleNodes {
  readonly role: Role;
  readonly facts: NodeFacts;
  /** Names that commands may make: those that known programs make, and all words given to unknown programs. */
  readonly made: ReadonlySet<string>;
  readonly parts: readonly Part[];
}

/** What nodes of a role have, of the lab and of all that the file says about them. */
export function roleNodes(
  role: Role,
  parts: readonly Part[],
  addresses: LabAddresses,
  checked: Checked,
): RoleNodes {
  const own = parts.filter((one) => one.role === role);
  const calls = own.flatMap(({ filters }) => filters.calls);
  const given = parts.flatMap(({ filters }) => filters.calls.flatMap((call) => namesOfCall(call).gives));
  const others = calls.filter(({ iptables, nft }) => iptables === undefined && nft.length === 0);
  const facts: NodeFacts = {
    interfaces: interfacesOf(role, checked.scenario),
    aside: asideOf(role, checked),
    addresses,
    marks: [...own.flatMap(({ filters }) => filters.marks), ...serviceMarks(role, checked)],
    sets: mergedSets(own.map(({ filters }) => filters.sets)),
    given: new Set(given),
    mentioned: new Set(others.flatMap(wordsOf)),
    lookedUp: new Map(),
  };
  const made = calls.flatMap((call) => {
    const { makes, isKnown } = namesOfCall(call);
    return isKnown || call.isSaying ? makes : wordsOf(call);
  });
  return { role, facts, made: new Set(made), parts: own };
}

/** Whether the file says that an interface has no part in this, or a command may make what the nodes do not have. */
export function isSettled(
  { kind, name }: Pick<UnmatchedTerm, 'kind' | 'name'>,
  { facts, made }: RoleNodes,
): boolean {
  const isMade = (kind === 'interface' || kind === 'set') && made.has(name);
  return isMade || (kind === 'interface' && facts.aside.includes(name));
}

function wordsOf({ words, files }: Part['filters']['calls'][number]): readonly string[] {
  return [...words, ...files].flatMap(({ text }) => text.split(/[^\w.@:/-]+/));
}

/** Names that the file says have no part in the service, as they are written for the lab. */
function asideOf(role: Role, { names }: Checked): readonly string[] {
  const aside = Object.keys(names[role]).filter((name) => names[role][name] === noInterface);
  return aside.length === 0 ? [] : [...aside.map((name) => name.replace(/\+$/, '*')), awayInterface];
}

function serviceMarks(role: Role, { scenario }: Checked): readonly MarkSetting[] {
  if (role !== 'director') return [];
  return scenario.topology.services.flatMap(({ fwmark }) =>
    fwmark === undefined ? [] : [{ of: 'packet' as const, value: fwmark }],
  );
}
