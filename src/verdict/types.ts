import type { TcpState } from '../evidence/types.js';
import type { Expectation, Outcome, Sender, Signal } from '../scenario/expectation.js';

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
export interface Spread {
  readonly median: number;
  readonly max: number;
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
  /** Rules of any node that reject or drop, and counted something. A rule of nftables has its family, table and chain before it. */
  readonly rejected: readonly { readonly node: string; readonly rule: string; readonly packets: number }[];
  /** IPVS state -> entries that belong to this phase's connections, at the end. */
  readonly ipvs: Readonly<Record<string, number>>;
  /** FIN or RST segments of the client's, as the directors' captures have them arriving. */
  readonly closingSegments: { readonly fin: number; readonly rst: number };
  /** How long connect() took, over the connections where it succeeded; undefined: in none. */
  readonly connect: Spread | undefined;
  /** From the opening to the first byte of the (last) reply, over the connections that got one. */
  readonly firstByte: Spread | undefined;
}

export interface PhaseFinding {
  readonly outcome: Outcome | undefined;
  readonly signal: Signal;
  readonly numbers: PhaseNumbers;
  readonly connections: readonly ConnectionFate[];
  /** Why this phase cannot be judged; empty when it can. */
  readonly unsound: readonly string[];
}

export interface Verdict {
  readonly scenario: string;
  readonly result: 'pass' | 'fail' | 'inconclusive';
  readonly expected: Expectation;
  /** The measured phase's finding; undefined when it never ran. */
  readonly measured: PhaseFinding | undefined;
  readonly control: PhaseFinding | undefined;
  /** For people: why it passed, failed or could not be decided; one sentence each. */
  readonly reasons: readonly string[];
}
