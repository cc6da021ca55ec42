import type { RuleCount } from './ruleCount.js';
import type { RuleSource } from './tracedRecord.js';

/** A packet as a node's own rules met it, by a trace. Steps are in the order in which they happened. */
export interface TracedPacket {
  /** Whether it came to the node (PREROUTING) or left it (OUTPUT). A packet that IPVS sends on does both. */
  readonly way: 'arrived' | 'left';
  /** `TCP SYN`, `TCP FIN,ACK`, `ICMP`, `UDP` or `other`. */
  readonly kind: string;
  readonly source: string;
  readonly destination: string;
  /** Ports of TCP and UDP; undefined for anything else. */
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  /** The identification of its IPv4 header, which stays when IPVS sends it on; undefined: it has none, or the trace does not tell. */
  readonly id: number | undefined;
  /** What it says if it is ICMP, in the trace's words: `destination-unreachable host-prohibited`, `nd-neighbor-solicit`. */
  readonly message: string | undefined;
  /** What connection tracking called it there: NEW, ESTABLISHED, RELATED, INVALID or UNTRACKED; undefined: the trace does not tell. */
  readonly state: string | undefined;
  readonly steps: readonly TracedStep[];
}

/** A rule that a packet matched, or a policy that it came to. */
export interface TracedStep {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule as nft prints it, without its counter, or `-P INPUT DROP`; for a table of iptables-legacy its number in the chain, from 1. */
  readonly rule: string | number;
  /** As the trace has it: `accept`, `drop`, `continue`, `jump`; undefined for a rule of iptables-legacy, whose target tells. */
  readonly verdict: string | undefined;
}

/** Something that happened to an entry of connection tracking. */
export interface EntryEvent {
  readonly what: 'new' | 'update' | 'destroy';
  /** What the kernel calls the connection's state now: SYN_SENT, ESTABLISHED; of UDP UNREPLIED, REPLIED or ASSURED. Undefined: it is over. */
  readonly state: string | undefined;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** A packet as functions of the kernel met it that connection tracking begins with, and what they did with the entry that it had. */
export interface KernelPassage {
  /** The MAC address that it was sent to, by which the node is known. */
  readonly mac: string;
  readonly kind: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The identification of its IPv4 header; undefined: it has none. */
  readonly id: number | undefined;
  /** Whether `nf_conntrack_in` itself threw it away. */
  readonly isDropped: boolean;
  /** Whether `nf_conntrack_tcp_packet`, or of UDP `nf_conntrack_udp_packet`, was handed an entry of it, and whether it had seen that entry before; undefined: it was handed none. */
  readonly entry: 'new' | 'known' | undefined;
  /** Whether that function found that it fits no state, which makes it INVALID. */
  readonly isRefused: boolean;
  /** The function by which IPVS sent it on; undefined: IPVS did not. */
  readonly sentBy: string | undefined;
  /** The function that was under way when `nf_conntrack_free` freed its entry; undefined: none of those that were followed freed it. */
  readonly freedIn: string | undefined;
}

/** What was followed in the kernel's own functions. */
export interface TracedKernel {
  /** Undefined: nothing was. */
  readonly passages: readonly KernelPassage[] | undefined;
  /** What could not be seen, and why; one sentence each, without its end. */
  readonly lacking: readonly string[];
}

/** A service of IPVS, as the kernel lists it. */
export interface ListedService {
  /** As ipvsadm names it: `-t 10.0.0.9:80`, `-u [fd00::9]:53`, `-f 7`. */
  readonly service: string;
  readonly scheduler: string;
  readonly realservers: readonly { readonly address: string; readonly weight: number }[];
}

/** The services that IPVS had from a moment on, until the next of these. */
export interface ServicesFrom {
  /** Seconds since the epoch, by the node's clock. */
  readonly time: number;
  readonly services: readonly ListedService[];
}

/** What was followed on one node. */
export interface TracedNode {
  readonly name: string;
  /** The packets in the order in which they came; undefined: they could not be followed. */
  readonly packets: readonly TracedPacket[] | undefined;
  /** What happened to entries of connection tracking; undefined: it could not be told. */
  readonly entries: readonly EntryEvent[] | undefined;
  /** IPVS's services each time that they had changed, first as they were at the beginning; undefined: nobody looked. */
  readonly services?: readonly ServicesFrom[] | undefined;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Its rules with what they had counted when packets were no longer followed; undefined: nobody looked. */
  readonly after: readonly RuleCount[] | undefined;
  /** The texts that it loaded, in that order, and where each is written. */
  readonly sources: readonly RuleSource[];
  /** What could not be seen on it, and why; one sentence each, without its end. */
  readonly lacking: readonly string[];
}
