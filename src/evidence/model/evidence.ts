import type { Family, Forwarding, TcpState } from '../../contracts/words/network.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Phase } from '../../contracts/words/phases.js';
import type { RequestedLoad } from './requestedLoad.js';
import type { FlowEvidence } from './flowTypes.js';
import type { KeptControl } from './keptControl.js';
import type { LoadReport } from './loadReport.js';
import type { EventRecord, PhaseStart } from './phase.js';
import type { RuleCount } from './ruleCount.js';
import type { TracedKernel, TracedNode } from './traced.js';

/**
 * The types of parsed evidence. Parsers in this folder make them from the files of a run's directory, and the judge reads nothing else.
 * Times are in seconds since the epoch by the node's own clock, unless a field says otherwise.
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

/** A realserver of a service as `ipvsadm -Sn` has it. */
export interface SavedDestination {
  /** `-u 10.0.0.9:53`, `-f 7`. */
  readonly service: string;
  readonly realserver: string;
  readonly weight: number;
}

/** One row of `ipvsadm -Lnc`. */
export interface IpvsConnection {
  readonly protocol: string;
  /** The state as IPVS spells it: ESTABLISHED, FIN_WAIT, CLOSE, SYN_RECV, NONE and so on. */
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

/** All entries of TCP and UDP that a director's IPVS had at one moment, including persistence templates (client port 0). */
export interface IpvsSample {
  /** The director's name. */
  readonly node: string;
  /** When the listing was made; Infinity for the one made at the very end. */
  readonly time: number;
  readonly connections: readonly IpvsConnection[];
  /** Set for the listing made at the very end; undefined: the sampler made it. */
  readonly end?:
    | {
        /** Why a connection may be missing from the listing; undefined: it was read until two readings agreed. */
        readonly doubt: string | undefined;
      }
    | undefined;
}

/**
 * A TCP segment found in a capture, over IPv4 or IPv6; or a datagram of UDP, which has no flags and no numbers.
 * IPv6 addresses are written as `ss` does (RFC 5952). */
export interface CapturedSegment {
  /** The number of the packet in its file, from 1, as Wireshark has it; undefined: it is of no file. */
  readonly frame?: number;
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** The TTL or hop limit; inside a tunnel, that of the inner header. */
  readonly ttl: number;
  /** Whether it travelled inside an IP packet (ipip, ip6ip6); then all addresses here are the inner ones. */
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
  /** Set for a datagram of UDP. */
  readonly udp?: true | undefined;
  /** Bytes of payload by the IP header's length, so that a short snap length does not change it. */
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
  /** The segment that the error quotes; undefined when it quotes none. */
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
  /** The address whose owner the message asks for; undefined: it asks nothing. */
  readonly asks: string | undefined;
  /** The address that the sender claims to have, which receivers may believe, even in a question; undefined: none. */
  readonly claims: string | undefined;
}

export interface Capture {
  readonly segments: readonly CapturedSegment[];
  readonly icmp: readonly CapturedIcmp[];
  /** For each MAC address, how many packets of IPVS's connection sync (UDP port 8848) it sent. */
  readonly sync?: Readonly<Record<string, number>> | undefined;
  readonly neighbours: readonly CapturedNeighbour[];
  /** Frames of any other kind (UDP, router solicitations and so on), counted by a short name. */
  readonly other: Readonly<Record<string, number>>;
  /** Whether the file ends in the middle of a packet, as it may when the capture was killed. */
  readonly truncated: boolean;
}

/** A connection, or a flow of UDP, whose ends a node has translated, as its connection tracking shows; each end as `address:port`. */
export interface Translation {
  /** The ends as they arrived at the node. */
  readonly client: string;
  readonly server: string;
  /** The ends as they left the node. */
  readonly clientBehind: string;
  readonly serverBehind: string;
}

/** What one node recorded by the end of a phase. */
export interface NodeEvidence {
  readonly name: string;
  readonly role: Role;
  /** The MAC addresses of its interfaces, lower case. */
  readonly macs: readonly string[];
  /** The node's own addresses, of both families, without the VIP. */
  readonly addresses: readonly string[];
  readonly samples: readonly SocketSample[];
  /** The rules of all tables, as listed at the end. The policy of a built-in chain is the rule `-P INPUT DROP`. */
  readonly rules: readonly RuleCount[];
  /** For each counter of `nstat -sz`, its increment since `nstat -n` ran at the beginning of the phase. */
  readonly counters: Readonly<Record<string, number>>;
  /**
   * The counters of `conntrack -S`, summed over CPUs: their increments since the beginning of the phase, when that was recorded. Undefined
   * when conntrack has no statistics for the node.
   */
  readonly conntrack: Readonly<Record<string, number>> | undefined;
  /** True when the beginning was not recorded, so that the counters cover the node's whole life, which may include other scenarios. */
  readonly conntrackOfLab?: boolean | undefined;
  /** How many conntrack entries there were at the end; undefined when `conntrack -C` does not answer. */
  readonly conntrackEntries: number | undefined;
  /** The translations of connections that were still tracked at the end; undefined when there is no listing. */
  readonly translations: readonly Translation[] | undefined;
  /** Addresses that were destinations of IPVS services at the end; undefined when the node is no director. */
  readonly ipvsDestinations: readonly string[] | undefined;
  /** The services' realservers with their weights at the end; undefined where nobody asked, as without services of UDP. */
  readonly ipvsSaved?: readonly SavedDestination[] | undefined;
  readonly capture: Capture | undefined;
  /** How many packets the kernel dropped of the capture, by tcpdump's count; undefined when there is none. */
  readonly captureDrops?: number | undefined;
}

/** One phase of a scenario's run: the control without rules, or the measured one. */
export interface PhaseEvidence {
  readonly phase: Phase;
  readonly vip: string;
  readonly ports: readonly number[];
  /** Where connections go, in turn; undefined: the ports of the VIP. */
  readonly targets?: readonly { readonly address: string; readonly port: number }[] | undefined;
  /** Addresses under which the service's packets may be seen: the VIP, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  readonly forwarding: Forwarding;
  /** The name of the node on which the connections are made; undefined: the client. */
  readonly client?: string | undefined;
  /** Nodes that serve: the realservers, and the director when it serves too. A connection may end on a socket of any of them. */
  readonly serving: readonly string[];
  /** What the connections were to do; undefined: plan.json does not say so. */
  readonly asked?: RequestedLoad | undefined;
  readonly load: LoadReport | undefined;
  readonly nodes: readonly NodeEvidence[];
  readonly ipvs: readonly IpvsSample[];
  /** The raw-socket load; undefined: the plan has none. */
  readonly flows?: FlowEvidence | undefined;
  /** The packet filter of the engine's own network namespace; undefined unless a control run was not healthy. */
  readonly engineHost?: readonly RuleCount[] | undefined;
  /** Where a control run was kept of which this is a copy; undefined: this run made the phase itself. */
  readonly kept?: KeptControl | undefined;
  /** What the nodes still knew of the control run when the measured one began; undefined for the control run, and when nobody looked. */
  readonly start?: PhaseStart | undefined;
  /** The events that happened; undefined: there were none. */
  readonly events?: readonly EventRecord[] | undefined;
  /** Whether the sockets stopped changing before the deadline. */
  readonly settled: boolean;
  /** What is missing or could not be read: each entry names the file. */
  readonly problems: readonly string[];
}

/** Everything the judge may look at. */
export interface ScenarioEvidence {
  readonly scenario: string;
  /** Names in rules that the lab did not have and that a verdict may depend on, as one sentence each. Undefined: nobody looked. */
  readonly unmatched?: readonly string[] | undefined;
  readonly control: PhaseEvidence | undefined;
  readonly measured: PhaseEvidence | undefined;
  /** The phases that were recorded and cannot be read, which is among the problems. Any other that is undefined never ran. */
  readonly unread?: readonly Phase[];
  /** The trace; undefined: none was made. */
  readonly trace?: TraceEvidence | undefined;
  /** A few connections made once more while packets were followed; undefined: nobody asked for an explanation. */
  readonly traced?: TracedEvidence | undefined;
  /** What is missing, unreadable or different from what was recorded, in files that belong to neither phase, or to a phase that is missing. */
  readonly problems: readonly string[];
}

/** A rule's decision about packets that were traced, and how many there were of one kind. */
export interface TracedDecision {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule as nft prints it, without its counter; `-P CHAIN DROP` for a policy. */
  readonly rule: string;
  /** The decision as the trace has it: `drop`, `accept`, `queue` and so on. */
  readonly verdict: string;
  /** The kind of packets: `TCP SYN`, `TCP FIN,ACK`, `ICMP`, `UDP`, `other`. */
  readonly packet: string;
  readonly packets: number;
  /** The client ports of the connections that the packets were of. */
  readonly clients: readonly string[];
}

/** What rules did with packets, traced after the measured run; no verdict depends on it. */
export interface TraceEvidence {
  /** How many connections were made for the trace. */
  readonly connections: number;
  readonly nodes: readonly { readonly name: string; readonly decisions: readonly TracedDecision[] }[];
  /** Why the trace may be incomplete, as one sentence each. */
  readonly problems: readonly string[];
}

/** A few connections that were made once more while packets were followed. */
export interface TracedEvidence {
  /** How many there were. */
  readonly connections: number;
  /** The same as of any phase; undefined: it cannot be told by node. */
  readonly phase: PhaseEvidence | undefined;
  readonly nodes: readonly TracedNode[];
  /** What functions of the kernel did with packets; undefined: recorded by a version that did not look. */
  readonly kernel?: TracedKernel | undefined;
  /** What is missing or could not be read, and where packets could not be followed. */
  readonly problems: readonly string[];
}
