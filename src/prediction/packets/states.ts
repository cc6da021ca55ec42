import type { Forwarding } from '../../contracts/words/network.js';
import type { ConntrackState } from '../model/filter.js';
import type { PacketClass } from './packetClasses.js';

/** Settings of the director by which conntrack judges packets of a service. */
export interface Tracking {
  /** net.ipv4.vs.conntrack */
  readonly vsConntrack: boolean;
  /** net.netfilter.nf_conntrack_tcp_loose */
  readonly loose: boolean;
}

/** Where a packet is on its way through the director. */
export type PacketStage =
  /** Before conntrack has looked at it: nothing is known of it. */
  'untouched' | 'before IPVS' | 'after IPVS';

/** One state, or those of which it may have any. */
type States = readonly ConntrackState[];

/**
 * The state that conntrack gives a packet. Without vs.conntrack=1 the director forgets each entry before it is confirmed, so every packet is
 * judged as the first of a flow: tcp_new() makes an entry for a SYN, and in mid-stream for ACK and data, and refuses the rest. With it the
 * SYN's entry is confirmed; with NAT, where replies pass as well, the flow is then known, and else every later packet is INVALID to it, as
 * nobody saw the SYN-ACK. What ip_vs_notrack() does behind IPVS it does to packets with an entry: to one that was INVALID conntrack looks
 * once more in LOCAL_OUT, and comes to the same.
 */
export function statesOf(
  kind: PacketClass,
  stage: PacketStage,
  isTracked: boolean,
  { vsConntrack, loose, forwarding }: Tracking & { readonly forwarding: Forwarding },
): States {
  // Conntrack lets these pass by.
  if (!isTracked || kind.part === 'neighbour') return ['UNTRACKED'];
  // What has no entry yet is INVALID to those that ask.
  if (stage === 'untouched') return ['INVALID'];
  // The tunnel's packets are a flow of their own, of which there are no replies.
  if (stage === 'after IPVS' && forwarding === 'tun') return ['NEW'];
  if (vsConntrack) return withEntries(kind, forwarding);
  const first = firstOfFlow(kind, loose);
  return stage === 'after IPVS' && first === 'NEW' ? ['UNTRACKED'] : [first];
}

function firstOfFlow({ flags, part }: PacketClass, loose: boolean): ConntrackState {
  if (part === 'icmp') return 'INVALID';
  if (flags === undefined || flags === 0x02) return 'NEW';
  const isPickedUp = (flags & 0x10) !== 0 && (flags & 0x07) === 0;
  return isPickedUp && loose ? 'NEW' : 'INVALID';
}

function withEntries({ flags, part }: PacketClass, forwarding: Forwarding): States {
  if (flags === 0x02) return ['NEW'];
  if (forwarding === 'nat') {
    if (part === 'icmp') return ['RELATED'];
    return flags === undefined && part === 'open' ? ['NEW'] : ['ESTABLISHED'];
  }
  if (part === 'icmp') return ['RELATED', 'INVALID'];
  if (flags === undefined) return ['NEW'];
  // The handshake's ACK comes at once. Later ones may find the entry of the SYN gone, and are taken for the first of a flow.
  return part === 'open' ? ['INVALID'] : ['INVALID', 'NEW'];
}
