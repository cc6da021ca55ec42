/** How far a flow's connection has come, as the client sees it. The order matters: later states have higher numbers. */
export const enum FlowState {
  unopened = 0,
  synSent = 1,
  /** From the SYN-ACK until both ends have closed, whoever begins. */
  connected = 2,
  /** Both FINs are acknowledged, or the client sent a RST. */
  closed = 3,
  /** The peer sent a RST. */
  reset = 4,
  /** The SYN was answered by a RST or an ICMP error. */
  refused = 5,
}

/** The bits of `flags`. */
export const enum FlowFlag {
  /** The client's FIN: it is to follow the last byte; it was sent; it was acknowledged. */
  finQueued = 0x0001,
  finSent = 0x0002,
  finAcked = 0x0004,
  /** All of the peer's bytes have arrived, and its FIN. */
  peerFin = 0x0008,
  /** Something arrived that has to be acknowledged. */
  ackOwed = 0x0010,
  /** The flow is at a `wait` step whose time has begun. */
  waiting = 0x0020,
  /** Something arrived since the timer was set. */
  heard = 0x0040,
  /** The first byte of a reply arrived. */
  answered = 0x0080,
  /** The flow has no retransmissions left, or waited in vain for the peer. It does nothing more until it hears from the peer. */
  gaveUp = 0x0100,
  /** The client closed with a RST. */
  byReset = 0x0200,
  /** Which counters already include the flow: each counts a flow once, however often it is reopened. */
  countedConnected = 0x0400,
  countedAnswered = 0x0800,
  countedClosing = 0x1000,
  countedClosed = 0x2000,
  countedAsInProgress = 0x4000,
  countedTimedOut = 0x8000,
  counted = 0xfc00,
}

/** What the flow's timer is for. */
export const enum TimerUse {
  none = 0,
  retransmission = 1,
  windowProbe = 2,
  patience = 3,
}

/** What can still be expected of a flow. */
export const enum Activity {
  /** It will do nothing more by itself. */
  idle = 0,
  /** It only retransmits. */
  stuck = 1,
  /** It makes progress. */
  busy = 2,
  /** It was given up and will do nothing more. */
  abandoned = 3,
}

/**
 * Everything that is known of each flow, a typed array for each property: a flow is an index, and nothing is allocated while the load runs.
 *
 * Positions in the client's stream are relative to its initial sequence number: the SYN is at 0, the first byte at 1.
 */
export class FlowTable {
  readonly state: Uint8Array;
  /** Index of the flow's program, and of the current step in it. */
  readonly program: Uint8Array;
  readonly step: Uint8Array;
  readonly flags: Uint16Array;
  readonly activity: Uint8Array;
  readonly timer: Uint8Array;
  /** How often the timer has run out since the peer last acknowledged something new. */
  readonly retries: Uint8Array;
  /** Retransmissions of all segments together. */
  readonly retransmissions: Uint16Array;
  /** Frames sent so far; also the IPv4 identification of the next one. */
  readonly frames: Uint16Array;
  /** The first retransmission timeout, in milliseconds. */
  readonly timeout: Uint16Array;
  /** The most payload that one segment may carry, in bytes. */
  readonly mss: Uint16Array;
  /** The window that the peer last announced, in bytes. */
  readonly window: Uint16Array;
  /** The half-second in which an unexpected segment was last answered. */
  readonly challenged: Uint16Array;

  /** The client's initial sequence number. */
  readonly initial: Int32Array;
  /**
   * Positions in the client's stream: all before the first is acknowledged; the next segment begins at the second; all before the third has
   * been sent at least once.
   */
  readonly acknowledged: Int32Array;
  readonly next: Int32Array;
  readonly sent: Int32Array;
  /** Sequence number of the byte expected next from the peer. */
  readonly expected: Int32Array;

  /** Where the reply's reading stands: see lab/clients/http/replyReader.ts. */
  readonly reading: Uint8Array;
  readonly matched: Uint8Array;
  readonly bodyLeft: Int32Array;
  /** How many replies of the current connection have arrived complete. */
  readonly replies: Uint8Array;

  /** Times in milliseconds: of the SYN, and of the first closing segment. */
  readonly openedAt: Float64Array;
  readonly closingAt: Float64Array;
  /** When something last arrived or was sent for the first time, in whole milliseconds. */
  readonly activeAt: Uint32Array;

  constructor(readonly count: number) {
    this.state = new Uint8Array(count);
    this.program = new Uint8Array(count);
    this.step = new Uint8Array(count);
    this.flags = new Uint16Array(count);
    this.activity = new Uint8Array(count);
    this.timer = new Uint8Array(count);
    this.retries = new Uint8Array(count);
    this.retransmissions = new Uint16Array(count);
    this.frames = new Uint16Array(count);
    this.timeout = new Uint16Array(count);
    this.mss = new Uint16Array(count);
    this.window = new Uint16Array(count);
    this.challenged = new Uint16Array(count);
    this.initial = new Int32Array(count);
    this.acknowledged = new Int32Array(count);
    this.next = new Int32Array(count);
    this.sent = new Int32Array(count);
    this.expected = new Int32Array(count);
    this.reading = new Uint8Array(count);
    this.matched = new Uint8Array(count);
    this.bodyLeft = new Int32Array(count);
    this.replies = new Uint8Array(count);
    this.openedAt = new Float64Array(count);
    this.closingAt = new Float64Array(count);
    this.activeAt = new Uint32Array(count);
  }

  get bytes(): number {
    return Object.values(this)
      .filter((value) => ArrayBuffer.isView(value))
      .reduce((sum, array) => sum + array.byteLength, 0);
  }
}
