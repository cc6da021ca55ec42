import type { Chains, ConntrackState, FilterRule, Term } from '../../../src/prediction/model/filter.js';
import { addressNumber } from '../../../src/site/model/addressRange.js';

/** One packet to the director. */
export interface ConcretePacket {
  readonly protocol: number;
  readonly flags: number | undefined;
  readonly state: ConntrackState;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly comesIn: string;
}

/** Whether a packet gets through raw, mangle and filter to the director: rule by rule, with nothing of what the prediction does. */
export function getsIn(chains: Chains, packet: ConcretePacket): boolean {
  let state: ConntrackState = 'INVALID';
  for (const key of ['raw PREROUTING', 'mangle PREROUTING', 'filter INPUT']) {
    if (key !== 'raw PREROUTING' && state !== 'UNTRACKED') state = packet.state;
    const chain = chains.get(key);
    if (chain === undefined) continue;
    const end = through(chains, key, { ...packet, state });
    if (end === 'untrack') state = 'UNTRACKED';
    else if (end === 'refuse' || (end === 'end' && chain.base?.policy === 'drop')) return false;
  }
  return true;
}

function through(
  chains: Chains,
  key: string,
  packet: ConcretePacket,
): 'accept' | 'refuse' | 'untrack' | 'end' {
  let isUntracked = false;
  for (const { terms, action } of chains.get(key)?.rules ?? ([] as readonly FilterRule[])) {
    if (!terms.every((term) => holds(term, packet))) continue;
    if (action.kind === 'accept' || action.kind === 'refuse') return action.kind;
    if (action.kind === 'return') break;
    if (action.kind === 'untrack') isUntracked = true;
    if (action.kind === 'jump') {
      const end = through(chains, action.chain, packet);
      if (end !== 'end') return end;
    }
  }
  return isUntracked ? 'untrack' : 'end';
}

function holds(term: Term, packet: ConcretePacket): boolean {
  return isAsked(term, packet) !== term.negated;
}

function isAsked(term: Term, packet: ConcretePacket): boolean {
  const isIn = <T extends bigint | number>(ranges: readonly (readonly [T, T])[], value: T) =>
    ranges.some(([first, last]) => first <= value && value <= last);
  if (term.kind === 'protocol') return isIn(term.ranges, packet.protocol);
  if (term.kind === 'state') return term.states.includes(packet.state);
  if (term.kind === 'interface') return term.names.includes(packet.comesIn);
  if (term.kind === 'flags')
    return packet.flags !== undefined && term.values.includes(packet.flags & term.mask);
  if (term.kind === 'port')
    return isIn(term.ranges, term.side === 'source' ? packet.sourcePort : packet.destinationPort);
  if (term.kind !== 'address') throw new Error(`no term of these rules: ${term.kind}`);
  const number = addressNumber(term.side === 'source' ? packet.source : packet.destination) ?? -1n;
  return isIn(
    term.ranges.map(({ first, last }) => [first, last] as const),
    number,
  );
}
