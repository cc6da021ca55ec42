import type { UnmatchedName } from '../model/unmatchedName.js';
import { namesOfCall } from '../syntax/calls/callNames.js';
import type { CommandCall } from '../syntax/calls/commandTexts.js';
import type { Word } from '../syntax/word.js';
import { type Checked, isOwn, type Part, placeIn } from './parts.js';
import { markCondition } from './rules/conditions.js';
import { unmatchedMessageText, keptNameText, noUserText, sysctlText, unmadeText } from './sentences.js';
import { isSettled, type RoleNodes } from './roleNodes.js';
import { unmatchedTerms } from './lab/unmatchedTerms.js';
import { builtInInterfaces, sysctlProblem } from './lab/sysctlProblem.js';

/**
 * The names in a part's commands that the nodes do not have, without those in rules; and the devices of its chains and flowtables that the nodes
 * do not have.
 */
export function namesInCommands(part: Part, node: RoleNodes, checked: Checked): readonly UnmatchedName[] {
  const { filters } = part;
  const inCalls = filters.calls.flatMap((call) => {
    const place = placeIn(part, { key: 'commands', line: call.line + 1 }, checked);
    return [
      ...interfacesIn(call, node),
      ...addressesIn(call, node),
      ...sysctlsIn(call, node),
      ...setsIn(call, node),
      ...marksIn(call, node),
      ...usersIn(call, node),
    ].map((one) => ({
      ...one,
      lines: [],
      place,
    }));
  });
  const ofDevices = filters.devices.flatMap(({ name, source }): UnmatchedName[] => {
    const { facts, role } = node;
    const isAside = facts.aside.includes(name);
    if (
      !isOwn(part, source) ||
      facts.interfaces.includes(name) ||
      (!isAside && isSettled({ kind: 'interface', name }, node))
    )
      return [];
    const message = unmatchedMessageText({ kind: 'interface', name, how: 'unmade' }, role, facts.interfaces);
    return [
      {
        kind: 'interface',
        name,
        message,
        place: placeIn(part, source, checked),
        lines: [],
        counts: !isAside,
      },
    ];
  });
  return [...inCalls, ...ofDevices];
}

/** Names that were not replaced by the lab's, because nobody can tell whether they are interfaces. */
export function keptNames(part: Part, checked: Checked): readonly UnmatchedName[] {
  const kept = checked.kept.get(part.path.join('.')) ?? [];
  return kept.map((one) => ({
    kind: 'interface',
    name: one.name,
    message: keptNameText(one, checked.names[part.role][one.name] ?? ''),
    place: placeIn(part, one, checked),
    lines: [],
    counts: true,
  }));
}

type Named = Pick<UnmatchedName, 'kind' | 'name' | 'message' | 'counts'>;

/** Interfaces of all programs but those that add rules, which are looked at as such. */
function interfacesIn(call: CommandCall, node: RoleNodes): readonly Named[] {
  const { role, facts } = node;
  const isRule = call.words.some(({ text }) => /^(?:-[AIRNP]|--append|--insert|--replace)$/.test(text));
  if (call.iptables !== undefined && (call.iptables.isRestored || isRule)) return [];
  return namesOfCall(call).interfaces.flatMap(({ text }): Named[] => {
    const name = text.replaceAll('/', '.').replace(/\+$/, '*');
    if (facts.interfaces.includes(name) || isSettled({ kind: 'interface', name }, node)) return [];
    const isComputed = name.includes('$');
    if (name.includes('*') || builtInInterfaces.includes(name)) return [];
    const how = isComputed ? 'computed' : 'command';
    const message = unmatchedMessageText({ kind: 'interface', name, how }, role, facts.interfaces);
    return [{ kind: 'interface', name, message, counts: !isComputed }];
  });
}

function addressesIn(call: CommandCall, { role, facts }: RoleNodes): readonly Named[] {
  return namesOfCall(call).addresses.flatMap(({ text: name }): Named[] => {
    const presence = facts.addresses.presenceOf(name);
    if ((presence !== 'absent' && presence !== 'perhaps') || facts.given.has(name)) return [];
    const how = presence === 'perhaps' ? 'unknown' : 'command';
    const message = unmatchedMessageText({ kind: 'address', name, how }, role, facts.interfaces);
    return [{ kind: 'address', name, message, counts: true }];
  });
}

function sysctlsIn(call: CommandCall, { facts }: RoleNodes): readonly Named[] {
  return namesOfCall(call).sysctls.flatMap((word): Named[] => {
    const name = dotted(word);
    const problem = /[$*]/.test(name) ? undefined : sysctlProblem(name, facts.interfaces);
    if (problem?.kind !== 'sysctl') return [];
    return [{ kind: 'sysctl', name, message: sysctlText(problem), counts: false }];
  });
}

/** Sets of ipset, and those of nft to which elements are added. */
function setsIn(call: CommandCall, node: RoleNodes): readonly Named[] {
  const ofNft = call.nft.flatMap(({ table = '', block }) =>
    block?.[0] === 'set' || block?.[0] === 'map' ? [{ key: `${table} ${block[1]}`, name: block[1] }] : [],
  );
  const ofIpset = [...namesOfCall(call).sets, ...call.ipset.flatMap(addedTo)];
  const asked = [...ofIpset.map(({ text }) => ({ key: text, name: text })), ...ofNft];
  return asked.flatMap(({ key, name }): Named[] => {
    const isThere = node.facts.sets.get(key)?.isMade === true || isSettled({ kind: 'set', name }, node);
    if (isThere || name.includes('$')) return [];
    return [{ kind: 'set', name, message: unmadeText(name, node.role), counts: true }];
  });
}

/** The set of a line that `ipset restore` reads. */
function addedTo([verb, name]: readonly Word[]): readonly Word[] {
  return name !== undefined && ['add', '-A'].includes(verb?.text ?? '') ? [name] : [];
}

/** Marks of policy routing and of IPVS that nothing sets. */
function marksIn(call: CommandCall, { role, facts }: RoleNodes): readonly Named[] {
  return namesOfCall(call).marks.flatMap(({ text }) => {
    const [value = '', mask] = text.split('/');
    const unmatched = unmatchedTerms({ ...markCondition('packet', [value], mask), negated: false }, facts);
    return unmatched.map(({ kind, name }) => ({
      kind,
      name,
      message: unmatchedMessageText({ kind, name, how: 'command' }, role, facts.interfaces),
      counts: true,
    }));
  });
}

/** Users that neither the image of the nodes has, nor a command makes. */
function usersIn(call: CommandCall, { role, parts }: RoleNodes): readonly Named[] {
  const made = parts.flatMap(({ filters }) =>
    filters.calls.flatMap(({ program, words }) =>
      ['useradd', 'adduser'].includes(program) ? words.map(({ text }) => text) : [],
    ),
  );
  return namesOfCall(call).users.flatMap(({ text: name }): Named[] => {
    if (!/^[a-z_][\w-]*$/i.test(name) || imageUsers.includes(name) || made.includes(name)) return [];
    return [{ kind: 'user', name, message: noUserText(name, role), counts: true }];
  });
}

/** Users of every Debian system. */
const imageUsers: readonly string[] = [
  ...['root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy'],
  ...['www-data', 'backup', 'list', 'irc', '_apt', 'nobody'],
];

/** `net/ipv4/conf/team0.100/rp_filter` is `net.ipv4.conf.team0/100.rp_filter`. */
function dotted({ text }: Word): string {
  return text.startsWith('net/') ? text.replaceAll(/[./]/g, (one) => (one === '/' ? '.' : '/')) : text;
}
