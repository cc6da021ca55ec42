import type { FlowFate } from '../../contracts/words/flows.js';
import type { TcpState } from '../../contracts/words/network.js';
import type { Outcome, VerdictResult } from '../../contracts/words/outcomes.js';
import type { Sender } from '../../contracts/words/nodes.js';
import type { FlowLatencies, FlowTraffic } from '../../evidence/model/flowTypes.js';
import type { Expectation, Signal } from '../../scenario/model/expectation.js';

/** What became of one connection. */
export interface ConnectionFate {
  /** Its end: `address:port`; port 0 where the kernel had none to give. */
  readonly client: string;
  /** The node that served it. */
  readonly realserver: string | undefined;
  readonly fate: Outcome | 'unexplained';
  readonly clientState: TcpState | 'gone';
  readonly realserverState: TcpState | 'gone';
  readonly ipvsState: string | undefined;
  /** One sentence saying which observations decide it. */
  readonly because: string;
}

/** Of a time in seconds. */
export interface MedianAndMax {
  readonly median: number;
  readonly max: number;
}

/** What the raw-socket load came to. */
export interface FlowNumbers {
  readonly opened: number;
  readonly fates: Readonly<Record<FlowFate, number>>;
  /** Flows that nothing in the evidence explains: unfinished ones, and stuck ones for which no packet was counted anywhere. */
  readonly unexplained: number;
  /** Flows among the closed ones of which a realserver still holds its end: the client's RST did not get there. */
  readonly leftOpen: number;
  /** What most of them came to; all of them, but for one in a thousand, where it is `healthy`. */
  readonly outcome: Outcome | undefined;
  /** How many came to which outcome; those that are not known to have come to any are in none. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly latencies: FlowLatencies;
  readonly traffic: FlowTraffic;
  /** Openings a second, over the time in which they were made; and what the scenario asked for, its ramp reckoned in. */
  readonly openedPerSecond: number;
  readonly askedPerSecond: number;
  /**
   * Name of a node that serves -> state -> most sockets of flows in it at one moment. Those that the control run's flows left behind, of
   * which there are few, are counted here too, and in `ipvs`: TIME-WAIT lasts for a minute.
   */
  readonly peaks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** IPVS state -> most entries in it at one moment, on the director that had most; and bytes of the table at its fullest. */
  readonly ipvs: Readonly<Record<string, number>>;
  readonly ipvsBytes: number | undefined;
  /**
   * The balance of the flows' FIN and RST segments from the client to the directors and on: sent = forwarded + turnedAway +
   * lostOnLinks + missing.
   * Undefined where no capture tells, and where a director serves connections itself.
   */
  readonly closingSegments:
    | {
        readonly sent: number;
        readonly arrived: number;
        readonly forwarded: number;
        /** Stopped at a director or the router before it, and counted there by a rule or the kernel. */
        readonly turnedAway: number;
        /** Dropped by the queue of a link, on purpose or for want of room; no more than were dropped there of all packets. */
        readonly lostOnLinks: number;
        /** Counted nowhere. */
        readonly missing: number;
      }
    | undefined;
  /**
   * All packets of clients, flows' and witnesses', by IPVS's own counters: sent = passed + turnedAway + lostOnLinks + missing. Undefined where
   * closingSegments is, and where IPVS has no counters.
   */
  readonly ipvsPackets:
    | {
        readonly sent: number;
        /** Counted by IPVS as incoming. */
        readonly passed: number;
        readonly turnedAway: number;
        readonly lostOnLinks: number;
        readonly missing: number;
      }
    | undefined;
  /** Where packets or sockets went missing, one sentence for each hop that counted a loss; empty when none did. */
  readonly losses: readonly string[];
  /** Where the kernel's limit on ICMP errors held some back, which is no loss; one sentence for each node. */
  readonly icmpLimits: readonly string[];
}

/** The numbers behind a verdict: what the console prints. */
export interface PhaseNumbers {
  readonly connections: number;
  readonly fates: Readonly<Record<string, number>>;
  /** Node name -> state -> sockets that belong to this phase's connections, at the end. */
  readonly sockets: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly icmp: readonly {
    readonly type: number;
    readonly code: number;
    readonly from: Sender;
    readonly count: number;
    /** Flags of the quoted segment, as tcpdump writes them: `F.`, `R`, `.`, `S`. */
    readonly quoting: string;
  }[];
  /** Rules of any node that reject or drop, and counted something. A rule of nftables has its family, table and chain before it. Packets of flows are among them. */
  readonly rejected: readonly { readonly node: string; readonly rule: string; readonly packets: number }[];
  /** Rules of any node that gave packets another way before IPVS could see them; nat rules count connections. */
  readonly taken?: readonly { readonly node: string; readonly rule: string; readonly packets: number }[];
  /** Rules that reject, drop or take what they match, and do not tell whether they did. */
  readonly uncounted?: readonly { readonly node: string; readonly rule: string }[];
  /** Counters of kernels, of the kind that can explain a loss, that moved. */
  readonly counters?: readonly MovedCounter[];
  /** Directors that took over from another in mid-course. */
  readonly takeovers?: readonly Takeover[];
  /** Rules that matched no packet at all, in chains that packets came to; undefined: none, or nobody looked. */
  readonly idle?: readonly IdleRule[] | undefined;
  /** IPVS state -> entries that belong to this phase's connections, at the end. */
  readonly ipvs: Readonly<Record<string, number>>;
  /** Why there may have been more of them; undefined: there were not. */
  readonly ipvsUnknown?: string | undefined;
  /** FIN or RST segments of the client's, as the directors' captures have them arriving. */
  readonly closingSegments: { readonly fin: number; readonly rst: number };
  /** How long connect() took, over the connections where it succeeded; undefined: in none. */
  readonly connect: MedianAndMax | undefined;
  /** From the first SYN to its answer, by the client's capture. Undefined: none was captured, or the verdict is of an earlier lvs-lab. */
  readonly connectOnWire?: MedianAndMax | undefined;
  /** From the opening to the first byte of the (last) reply, over the connections that got one. */
  readonly firstByte: MedianAndMax | undefined;
  /** Connections and flows that were compared, in the client's capture, with what the scenario asks for. */
  readonly followed?: { readonly connections: number; readonly flows: number | undefined } | undefined;
  /** Undefined: there was no raw-socket load. */
  readonly flows?: FlowNumbers | undefined;
}

export interface PhaseFinding {
  readonly outcome: Outcome | undefined;
  readonly signal: Signal;
  readonly numbers: PhaseNumbers;
  readonly connections: readonly ConnectionFate[];
  /** Why this phase cannot be judged; empty when it can. */
  readonly unsound: readonly string[];
}

/** Who turned packets away, by a trace of a few connections that were made after the measured ones. */
export interface TraceFinding {
  readonly connections: number;
  /** Names of the nodes that were traced. */
  readonly nodes: readonly string[];
  readonly culprits: readonly {
    readonly node: string;
    readonly rule: string;
    /** `TCP FIN,ACK`, `ICMP` ... */
    readonly packet: string;
    readonly packets: number;
  }[];
  /** Why it may not be whole; one sentence each. */
  readonly problems: readonly string[];
}

export interface Verdict {
  readonly scenario: string;
  readonly result: VerdictResult;
  readonly expected: Expectation;
  /** The measured phase's finding; undefined when it never ran. */
  readonly measured: PhaseFinding | undefined;
  readonly control: PhaseFinding | undefined;
  /** Undefined: no trace was made. The verdict does not depend on it. */
  readonly trace?: TraceFinding | undefined;
  /** For people: why it passed, failed or could not be decided; one sentence each. */
  readonly reasons: readonly string[];
}

/** A counter of a node's kernel that moved in the phase, and is of the kind that can explain a loss. */
export interface MovedCounter {
  readonly node: string;
  /** As `nstat` spells it, or `conntrack -S`, then with `conntrack ` before it. */
  readonly counter: string;
  readonly increment: number;
}

/** One director that took connections over from another in mid-course. */
export interface Takeover {
  readonly from: string;
  readonly to: string;
  readonly connections: number;
  /** Of these, those of which the new director's IPVS had an entry when it got their first packet, and those of which it never had one. */
  readonly known: number;
  readonly unknown: number;
  /** Packets of the connection sync (UDP port 8848) that the other directors sent and the new one's interface saw. */
  readonly syncPackets: number;
}

/** A rule that counted nothing, though packets came to its chain. */
export interface IdleRule {
  readonly node: string;
  readonly rule: string;
}
