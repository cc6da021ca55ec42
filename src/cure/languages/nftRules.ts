import type { AdmittedPackets } from '../model/admittedPackets.js';

/** What rules that take wanted packets say before their verdict: one rule each. */
export function nftMatches(wanted: AdmittedPackets, restrictions: string): readonly string[] {
  const { family, protocol, source, destination, sourcePort, destinationPort, flags, states } = wanted;
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const ends = [
    ...(restrictions === '' ? [] : [restrictions]),
    ...(source === undefined ? [] : [`${ip} saddr ${source}`]),
    ...(destination === undefined ? [] : [`${ip} daddr ${destination}`]),
  ];
  const state = states === undefined ? [] : [`ct state ${states.join(',').toLowerCase()}`];
  if (protocol === 'neighbour')
    return [[...ends, 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }'].join(' ')];
  if (protocol === 'tunnel')
    return [[...ends, `meta l4proto ${family === 'ipv4' ? 4 : 41}`, ...state].join(' ')];
  const ports = [
    ...(sourcePort === undefined ? [] : [`${protocol} sport ${sourcePort}`]),
    ...(destinationPort === undefined ? [] : [`${protocol} dport ${destinationPort}`]),
  ];
  const asked =
    flags === undefined
      ? [[]]
      : flags === 'later'
        ? [['tcp flags & (fin | syn | rst | ack) != syn']]
        : [['tcp flags & (fin | syn | rst | ack) == fin | ack'], ['tcp flags & (fin | syn | rst) == rst']];
  return asked.map((flag) => [...ends, ...ports, ...flag, ...state].join(' '));
}

/** A question for the source's address or for an interface, by itself. */
const restricting =
  /(?<![.\w] ?)\b(?:ip6? saddr|(?:meta )?[io]if(?:name)?)\s+(?!vmap|map|\.)(?:[!=]=\s*)?(?:\{[^}]*\}|"[^"]*"|[^\s{}"]+)(?!\s*[.:])/g;

/** What of a rule that accepts the service keeps others out. */
export function nftRestrictions(rule: string): string {
  return [...rule.matchAll(restricting)].map(([text]) => text).join(' ');
}

/** A question for the state: its operator, and its states with or without braces. */
const stateQuestion = /\bct state\s+(?!vmap\b)((?:[!=]=|!)\s*)?(\{[^}]*\}|\w+(?:\s*,\s*\w+)*)\s*/;

/** A rule without its question for a state; undefined: it has none that can be taken away. */
export function nftWithoutState(rule: string): string | undefined {
  const found = stateQuestion.exec(rule);
  return found === null ? undefined : rule.slice(0, found.index) + rule.slice(found.index + found[0].length);
}

/** A rule that takes packets in these states as well; undefined: it does not list any. */
export function nftWithStates(rule: string, states: readonly string[]): string | undefined {
  const found = stateQuestion.exec(rule);
  const [whole = '', operator, listed = ''] = found ?? [];
  const known: readonly string[] = listed.match(/\w+/g) ?? [];
  const more = states.map((state) => state.toLowerCase()).filter((state) => !known.includes(state));
  if (found === null || operator !== undefined || more.length === 0) return undefined;
  const at = found.index + whole.indexOf(listed);
  const wider = listed.startsWith('{')
    ? `{ ${[...known, ...more].join(', ')} }`
    : [listed, ...more].join(',');
  return rule.slice(0, at) + wider + rule.slice(at + listed.length);
}
