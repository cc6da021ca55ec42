import { isFromClient, type ConnectionKey, type Refusal } from '../packets/followedPackets.js';
import { packetsBefore, passing } from '../packets/passedBefore.js';
import { statesAsked } from '../packets/ruleLineText.js';

/** A setting without which a rule would not have taken a packet. */
export interface DecidingSysctl {
  /** `net.netfilter.nf_conntrack_tcp_loose=0`. */
  readonly what: string;
  /** What it does, for people. */
  readonly because: string;
}

const loose = 'net.netfilter.nf_conntrack_tcp_loose';
const conntrack = 'net.ipv4.vs.conntrack';

/**
 * The setting because of which connection tracking did not call a client's packet NEW, where the rules would have let it in had it done so;
 * undefined: none. As it is by default, connection tracking begins a connection with any packet of one that it does not know, unless that has
 * SYN with ACK, FIN or RST.
 */
export function sysctlBehind(refusal: Refusal, connection: ConnectionKey): DecidingSysctl | undefined {
  const { at, packet, step, rule } = refusal;
  if (packet.state !== 'INVALID' || !isFromClient(packet, connection) || !beginsConnections(packet.kind))
    return undefined;
  const passed = packetsBefore(refusal, connection).flatMap((one) => passing(at, one, step));
  const asked = statesAsked(rule);
  const takesInvalidOnly = asked?.length === 1 && asked[0] === 'INVALID';
  if (!takesInvalidOnly && !passed.some((one) => statesAsked(one)?.includes('NEW') === true))
    return undefined;
  const { sysctls, entries = [] } = at.traced;
  if (sysctls[loose] === '0')
    return {
      what: `${loose}=0`,
      because: `with ${loose}=0 connection tracking begins a connection with a SYN only; in the default, 1, it would have called this packet NEW`,
    };
  const isKept =
    at.kernel.get(packet)?.entry === 'known' ||
    entries.some(({ what, sourcePort }) => what === 'new' && sourcePort === packet.sourcePort);
  if (sysctls[conntrack] === '1' && isKept)
    return {
      what: `${conntrack}=1`,
      because: `with ${conntrack}=1 IPVS leaves the connection's entry alone, and this packet does not fit it: the answer to the client's SYN had not come past ${at.name}; in the default, 0, there would have been no entry, and the packet NEW`,
    };
  return undefined;
}

const beginsConnections = (kind: string): boolean => /\bACK\b/.test(kind) && !/SYN|FIN|RST/.test(kind);
