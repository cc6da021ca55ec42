import type { Family, Forwarding, TcpState } from '../../contracts/words/network.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Phase } from '../../contracts/words/phases.js';
import type { Asked } from './asked.js';
import type { FlowEvidence } from './flowTypes.js';
import type { LoadReport } from './loadReport.js';
import type { PhaseStart } from './phase.js';

/**
 * The shapes of parsed evidence. Parsers in this folder make them from the raw files of a run directory; the judge reads
 * nothing else. Times are seconds since the epoch as the node's own clock had them, unless a field says otherwise.
 */

/** One row of `ss -Htan`. */
export interface Socket {
  readonly state: TcpState;
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
}

/** All TCP sockets of a node, listed between two moments. */
export interface SocketSample {
  readonly time: number;
  readonly until: number;
  readonly sockets: readonly Socket[];
}

/** One row of `ipvsadm -Lnc`. */
export interface IpvsConnection {
  readonly protocol: string;
  /** As IPVS spells it: ESTABLISHED, FIN_WAIT, CLOSE, SYN_RECV, NONE ... */
  readonly state: string;
  /** Seconds until the entry expires. */
  readonly expires: number;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly vip: string;
  readonly vport: number;
  readonly realserver: string;
  readonly rport: number;
}

/** All TCP connections that a director's IPVS knew at one moment, persistence templates (client port 0) among them. */
export interface IpvsSample {
  /** The director's name. */
  readonly node: string;
  /** Infinity: of the listing made when it was all over. */
  readonly time: number;
  readonly connections: readonly IpvsConnection[];
  /** Of the listing made when it was all over; undefined: one of the sampler's. */
  readonly end?:
    | {
        /** Why a connection may be missing from it; undefined: it was read until two readings in a row agreed. */
        readonly doubt: string | undefined;
      }
    | undefined;
}

/** One rule of `iptables-save -c`, `ip6tables-save -c` or, in a native nftables table, `nft list ruleset`, with what it counted. */
export interface RuleCount {
  /** `ip` and `ip6` for iptables; nftables' own word for its tables. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule as the kernel listed it back, without the counter: `-A INPUT -j REJECT --reject-with icmp-host-prohibited`. */
  readonly rule: string;
  /** Undefined: a rule of nf_tables without `counter`, or a policy there, which has none. */
  readonly packets: number | undefined;
  /** Of a rule of nftables that looks packets up in a named verdict map: what the map holds, as listed. */
  readonly elements?: string | undefined;
  /** Of a rule of iptables-nft: what nft calls it, as in a trace. */
  readonly listedAs?: string | undefined;
}

/** A TCP segment found in a capture, over IPv4 or IPv6. IPv6 addresses are written as `ss` does (RFC 5952). */
export interface CapturedSegment {
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** TTL or hop limit, of the inner header where there are two. */
  readonly ttl: number;
  /** True when it travelled inside an IP packet (ipip, ip6ip6): all addresses here are the inner ones. */
  readonly tunnelled: boolean;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly flags: {
    readonly syn: boolean;
    readonly ack: boolean;
    readonly fin: boolean;
    readonly rst: boolean;
    readonly psh: boolean;
  };
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Bytes of TCP payload, from the IP header's length, so that a short snap length does not change it. */
  readonly payloadLength: number;
}

/** An ICMP or ICMPv6 error found in a capture, with the segment it quotes. */
export interface CapturedIcmp {
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly type: number;
  readonly code: number;
  /** The inner header of a destination-unreachable and its like; undefined where the message quotes none. */
  readonly quoted:
    | {
        readonly source: string;
        readonly sourcePort: number;
        readonly destination: string;
        readonly destinationPort: number;
        readonly flags: CapturedSegment['flags'] | undefined;
      }
    | undefined;
}

/** An ARP packet, or IPv6's neighbour solicitation or advertisement, found in a capture. */
export interface CapturedNeighbour {
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly family: Family;
  /** The address whose owner it asks for; undefined: it asks nothing. */
  readonly asks: string | undefined;
  /** The address that the sender says is its own, which those who hear it may believe, questions included; undefined: none. */
  readonly claims: string | undefined;
}

export interface Capture {
  readonly segments: readonly CapturedSegment[];
  readonly icmp: readonly CapturedIcmp[];
  /** MAC address -> packets of IPVS's connection sync (UDP port 8848) that it sent. */
  readonly sync?: Readonly<Record<string, number>> | undefined;
  readonly neighbours: readonly CapturedNeighbour[];
  /** Frames that are none of these (UDP, router solicitations ...), by a short name. */
  readonly other: Readonly<Record<string, number>>;
  /** True when the file ends in the middle of a packet, as it may when the capture was killed. */
  readonly truncated: boolean;
}

/** A connection that a node has changed the ends of, as its connection tracking has it: `address:port` each. */
export interface Translation {
  /** As they came to the node. */
  readonly client: string;
  readonly server: string;
  /** As they went on. */
  readonly clientBehind: string;
  readonly serverBehind: string;
}

/** What one node had to say when it was all over. */
export interface NodeEvidence {
  readonly name: string;
  readonly role: Role;
  /** Of its interfaces, lower case. */
  readonly macs: readonly string[];
  /** Its own addresses, of both families; the VIP is not among them. */
  readonly addresses: readonly string[];
  readonly samples: readonly SocketSample[];
  /** All tables, as they were listed at the end; a built-in chain's policy is the rule `-P INPUT DROP`. */
  readonly rules: readonly RuleCount[];
  /** `nstat -sz`: counter name -> increment since `nstat -n` ran at the beginning of the phase. */
  readonly counters: Readonly<Record<string, number>>;
  /**
   * `conntrack -S`: counters summed over CPUs, as increments since the beginning of the phase where that was recorded; undefined where
   * conntrack has no statistics for the node.
   */
  readonly conntrack: Readonly<Record<string, number>> | undefined;
  /** True where that is not known, and so they are of the node's whole life: other scenarios may have been on it. */
  readonly conntrackOfLab?: boolean | undefined;
  /** Number of conntrack entries at the end; undefined where `conntrack -C` has no answer. */
  readonly conntrackEntries: number | undefined;
  /** What it translated, of the connections that it still tracked at the end; undefined where there is no listing. */
  readonly translations: readonly Translation[] | undefined;
  /** Addresses that IPVS had as destinations of its services at the end; undefined where the node is no director. */
  readonly ipvsDestinations: readonly string[] | undefined;
  readonly capture: Capture | undefined;
  /** Packets that the kernel dropped of the capture, by tcpdump's count; undefined where there is none. */
  readonly captureDrops?: number | undefined;
}

/** One phase (the control without rules, or the measured one) of a scenario's run. */
export interface PhaseEvidence {
  readonly phase: Phase;
  readonly vip: string;
  readonly ports: readonly number[];
  /** Addresses at which the service's packets may be seen: the VIP, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  readonly forwarding: Forwarding;
  /** Nodes on whose sockets a connection may end: the realservers, and the director where it serves too. */
  readonly serving: readonly string[];
  /** What the connections were to do; undefined: plan.json does not say. */
  readonly asked?: Asked | undefined;
  readonly load: LoadReport | undefined;
  readonly nodes: readonly NodeEvidence[];
  readonly ipvs: readonly IpvsSample[];
  /** The raw-socket load; undefined: the plan has none. */
  readonly flows?: FlowEvidence | undefined;
  /** Packet filter of the engine's own network namespace; looked at only when a control run was not healthy, else undefined. */
  readonly engineHost?: readonly RuleCount[] | undefined;
  /** What the nodes knew of the control run when the measured one began; undefined: of the control run, and where nobody looked. */
  readonly start?: PhaseStart | undefined;
  /** True when the sockets stopped changing before the deadline. */
  readonly settled: boolean;
  /** What is missing or could not be read: each entry names the file. */
  readonly problems: readonly string[];
}

/** Everything the judge may look at. */
export interface ScenarioEvidence {
  readonly scenario: string;
  /** What rules name and the lab did not have, where a verdict may depend on it; one sentence each. Undefined: nobody looked. */
  readonly unmatched?: readonly string[] | undefined;
  readonly control: PhaseEvidence | undefined;
  readonly measured: PhaseEvidence | undefined;
  /** Undefined: none was made. */
  readonly trace?: TraceEvidence | undefined;
  /** What is missing, unreadable or not as it was recorded, of what belongs to neither phase or to one that is not there. */
  readonly problems: readonly string[];
}

/** Where rules decided over packets that were traced, and how many of one kind. */
export interface TracedDecision {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** As nft prints it, without its counter; `-P CHAIN DROP` for a policy. */
  readonly rule: string;
  /** `drop`, `accept`, `queue` ... as the trace has it. */
  readonly verdict: string;
  /** What the packets were: `TCP SYN`, `TCP FIN,ACK`, `ICMP`, `UDP`, `other`. */
  readonly packet: string;
  readonly packets: number;
}

/** What rules said they do with packets, in a pass behind the measured run that no verdict depends on. */
export interface TraceEvidence {
  /** How many connections were made for it. */
  readonly connections: number;
  readonly nodes: readonly { readonly name: string; readonly decisions: readonly TracedDecision[] }[];
  /** Why it may not be whole; one sentence each. */
  readonly problems: readonly string[];
}
