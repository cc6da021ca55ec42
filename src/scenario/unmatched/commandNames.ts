import type { Unmatched } from '../model/unmatchedName.js';
import { namesOfCall } from '../syntax/callNames.js';
import type { CommandCall } from '../syntax/commandTexts.js';
import type { Word } from '../syntax/word.js';
import { type Checked, isOwn, type Part, placeIn } from './parts.js';
import { lackingText, leftText, sysctlText } from './sentences.js';
import { isSettled, type SiteNode } from './siteNode.js';
import { sysctlProblem } from './lab/sysctlProblem.js';

/** What the commands of a part name beside rules, and the devices of its chains and flowtables, that the nodes do not have. */
export function namesInCommands(part: Part, node: SiteNode, checked: Checked): readonly Unmatched[] {
  const { filters } = part;
  const inCalls = filters.calls.flatMap((call) => {
    const place = placeIn(part, { key: 'commands', line: call.line + 1 }, checked);
    return [...interfacesIn(call, node), ...addressesIn(call, node), ...sysctlsIn(call, node)].map((one) => ({
      ...one,
      lines: [],
      place,
    }));
  });
  const ofDevices = filters.devices.flatMap(({ name, source }): Unmatched[] => {
    const { facts, role } = node;
    const isAside = facts.aside.includes(name);
    if (
      !isOwn(part, source) ||
      facts.interfaces.includes(name) ||
      (!isAside && isSettled({ kind: 'interface', name }, node))
    )
      return [];
    const message = lackingText({ kind: 'interface', name, how: 'unmade' }, role, facts.interfaces);
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

/** Names that were not made the lab's, as nobody could tell whether they are those of interfaces. */
export function namesLeft(part: Part, checked: Checked): readonly Unmatched[] {
  const left = checked.left.get(part.path.join('.')) ?? [];
  return left.map((one) => ({
    kind: 'interface',
    name: one.name,
    message: leftText(one, checked.names[part.role][one.name] ?? ''),
    place: placeIn(part, one, checked),
    lines: [],
    counts: true,
  }));
}

type Named = Pick<Unmatched, 'kind' | 'name' | 'message' | 'counts'>;

/** Interfaces of all programs but those that add rules, which are looked at as such. */
function interfacesIn(call: CommandCall, node: SiteNode): readonly Named[] {
  const { role, facts } = node;
  const isRule = call.words.some(({ text }) => /^(?:-[AIRNP]|--append|--insert|--replace)$/.test(text));
  if (call.iptables !== undefined && (call.iptables.isRestored || isRule)) return [];
  return namesOfCall(call).interfaces.flatMap(({ text }): Named[] => {
    const name = text.replaceAll('/', '.').replace(/\+$/, '*');
    if (facts.interfaces.includes(name) || isSettled({ kind: 'interface', name }, node)) return [];
    const isComputed = name.includes('$');
    if (name.includes('*') || builtIn.includes(name)) return [];
    const how = isComputed ? 'computed' : 'command';
    const message = lackingText({ kind: 'interface', name, how }, role, facts.interfaces);
    return [{ kind: 'interface', name, message, counts: !isComputed }];
  });
}

/** Interfaces that every kernel with tunnels has. */
const builtIn: readonly string[] = ['tunl0', 'ip6tnl0', 'all', 'default'];

function addressesIn(call: CommandCall, { role, facts }: SiteNode): readonly Named[] {
  return namesOfCall(call).addresses.flatMap(({ text: name }): Named[] => {
    const presence = facts.addresses.presenceOf(name);
    if ((presence !== 'absent' && presence !== 'perhaps') || facts.given.has(name)) return [];
    const how = presence === 'perhaps' ? 'unknown' : 'command';
    const message = lackingText({ kind: 'address', name, how }, role, facts.interfaces);
    return [{ kind: 'address', name, message, counts: true }];
  });
}

function sysctlsIn(call: CommandCall, { facts }: SiteNode): readonly Named[] {
  return namesOfCall(call).sysctls.flatMap((word): Named[] => {
    const name = dotted(word);
    const problem = /[$*]/.test(name) ? undefined : sysctlProblem(name, facts.interfaces);
    if (problem?.kind !== 'sysctl') return [];
    return [{ kind: 'sysctl', name, message: sysctlText(problem), counts: false }];
  });
}

/** `net/ipv4/conf/team0.100/rp_filter` is `net.ipv4.conf.team0/100.rp_filter`. */
function dotted({ text }: Word): string {
  return text.startsWith('net/') ? text.replaceAll(/[./]/g, (one) => (one === '/' ? '.' : '/')) : text;
}
