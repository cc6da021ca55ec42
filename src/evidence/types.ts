/**
 * The shapes of parsed evidence. Parsers in this folder make them from the raw files of a run directory; the judge reads
 * nothing else. Times are seconds since the epoch as the node's own clock had them, unless a field says otherwise.
 */

/** TCP states as `ss` spells them. */
export type TcpState =
  | 'ESTAB'
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'TIME-WAIT'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'CLOSING'
  | 'LISTEN'
  | 'UNCONN';

/** One row of `ss -Htan`. */
export interface Socket {
  readonly state: TcpState;
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
}

/** All TCP sockets of a node at one moment. */
export interface SocketSample {
  readonly time: number;
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

export interface IpvsSample {
  readonly time: number;
  readonly connections: readonly IpvsConnection[];
}

/** One rule of `iptables-save -c`, with what it counted. */
export interface RuleCount {
  readonly table: string;
  readonly chain: string;
  /** The rule as the kernel listed it back, without the counter: `-A INPUT -j REJECT --reject-with icmp-host-prohibited`. */
  readonly rule: string;
  readonly packets: number;
  readonly bytes: number;
}

/** A TCP/IPv4 segment found in a capture. */
export interface CapturedSegment {
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly ttl: number;
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

/** An ICMP error found in a capture, with the segment it quotes. */
export interface CapturedIcmp {
  readonly time: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
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

export interface Capture {
  readonly segments: readonly CapturedSegment[];
  readonly icmp: readonly CapturedIcmp[];
  /** Frames that are neither (ARP, IPv6 ...), by a short name. */
  readonly other: Readonly<Record<string, number>>;
  /** True when the file ends in the middle of a packet, as it may when the capture was killed. */
  readonly truncated: boolean;
}

/** What the client's application saw of one connection. */
export interface ClientConnection {
  readonly localAddress: string;
  readonly localPort: number;
  /** True when connect() succeeded. */
  readonly connected: boolean;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** HTTP status of the reply; undefined when no complete status line came. */
  readonly httpStatus: number | undefined;
  /** True when all of the reply's body came, by its Content-Length. */
  readonly complete: boolean;
  /** True when the client read the server's end of file. */
  readonly serverClosed: boolean;
  /** What the client did to close, and did so. */
  readonly clientClosed: 'fin' | 'rst' | 'half-close' | undefined;
  /** errno name of the first error, e.g. ECONNREFUSED, EHOSTUNREACH. */
  readonly error: string | undefined;
}

/** The report of the client's load agent. */
export interface LoadReport {
  readonly agent: string;
  /** True: connect() was non-blocking, so soft ICMP errors may show that a blocking connect hides. */
  readonly nonBlockingConnect: boolean;
  readonly requested: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly connections: readonly ClientConnection[];
}

/** What one node had to say when it was all over. */
export interface NodeEvidence {
  readonly name: string;
  readonly role: 'client' | 'director' | 'realserver';
  /** Of the lab network's interface, lower case. */
  readonly mac: string;
  readonly address: string;
  readonly samples: readonly SocketSample[];
  /** All IPv4 tables, as `iptables-save -c` gave them at the end; a built-in chain's policy is the rule `-P INPUT DROP`. */
  readonly rules: readonly RuleCount[];
  /** `nstat -sz`: counter name -> increment since `nstat -n` ran at the beginning of the phase. */
  readonly counters: Readonly<Record<string, number>>;
  /** `conntrack -S`: counters summed over CPUs; undefined where conntrack has no statistics for the node. */
  readonly conntrack: Readonly<Record<string, number>> | undefined;
  /** Number of conntrack entries at the end; undefined where `conntrack -C` has no answer. */
  readonly conntrackEntries: number | undefined;
  readonly capture: Capture | undefined;
}

/** One phase (the control without rules, or the measured one) of a scenario's run. */
export interface PhaseEvidence {
  readonly phase: 'control' | 'measured';
  readonly vip: string;
  readonly port: number;
  readonly load: LoadReport | undefined;
  readonly nodes: readonly NodeEvidence[];
  readonly ipvs: readonly IpvsSample[];
  /** True when the sockets stopped changing before the deadline. */
  readonly settled: boolean;
  /** What is missing or could not be read: each entry names the file. */
  readonly problems: readonly string[];
}

/** Everything the judge may look at. */
export interface ScenarioEvidence {
  readonly scenario: string;
  readonly control: PhaseEvidence | undefined;
  readonly measured: PhaseEvidence | undefined;
}
