/** How far a flow's connection has come, as the client sees it; in this order. */
export const enum FlowState {
  unopened = 0,
  synSent = 1,
  /** From the SYN-ACK until both ends have closed, whoever begins. */
  connected = 2,
  /** Both FINs are acknowledged, or the client sent a RST. */
  closed = 3,
  /** By the peer's RST. */
  reset = 4,
  /** By a RST or an ICMP error in answer to the SYN. */
  refused = 5,
}

/** Bits of `flags`. */
export const enum FlowFlag {
  /** The client's FIN is to follow the last byte; it was sent; it was acknowledged. */
  finQueued = 0x0001,
  finSent = 0x0002,
  finAcked = 0x0004,
  /** All of the peer's bytes have come, and its FIN. */
  peerFin = 0x0008,
  /** Something came that has to be acknowledged. */
  ackOwed = 0x0010,
  /** The conversation is at a wait whose time runs. */
  waiting = 0x0020,
  /** Something came since the timer was set. */
  heard = 0x0040,
  /** The first byte of a reply came. */
  answered = 0x0080,
  /** No retransmissions are left, or the peer was waited for in vain: nothing more is done unless it is heard of again. */
  gaveUp = 0x0100,
  /** The client closed by RST. */
  byReset = 0x0200,
  /** What was counted of the flow, which each flow is once, however often it is opened again. */
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

/** How much is to be expected of a flow. */
export const enum Standing {
  /** Nothing more by itself. */
  idle = 0,
  /** Retransmissions. */
  stuck = 1,
  /** It gets on. */
  busy = 2,
  /** Nothing, for it was given up. */
  abandoned = 3,
}

/**
 * Everything that is known of each flow, a typed array for each property: a flow is an index, and nothing is allocated while the load runs.
 *
 * Positions in the client's stream are relative to its initial sequence number: the SYN is at 0, the first byte at 1.
 */
export class FlowTable {
  readonly state: Uint8Array;
  /** Index of the program, and of its step that is not over yet. */
  readonly program: Uint8Array;
  readonly step: Uint8Array;
  readonly flags: Uint16Array;
  readonly standing: Uint8Array;
  readonly timer: Uint8Array;
  /** Times that the timer ran out since the peer last acknowledged something new. */
  readonly retries: Uint8Array;
  /** Of all segments. */
  readonly retransmissions: Uint16Array;
  /** Frames sent: the IPv4 identification. */
  readonly frames: Uint16Array;
  /** First timeout, in milliseconds. */
  readonly timeout: Uint16Array;
  /** Most payload of a segment. */
  readonly mss: Uint16Array;
  /** The peer's. */
  readonly window: Uint16Array;
  /** In which half-second a segment that nobody asked for was last answered. */
  readonly challenged: Uint16Array;

  /** The client's initial sequence number. */
  readonly initial: Int32Array;
  /** Before it all is acknowledged; where the next segment begins; before it all was sent at least once. */
  readonly acknowledged: Int32Array;
  readonly next: Int32Array;
  readonly sent: Int32Array;
  /** Sequence number of the byte expected next from the peer. */
  readonly expected: Int32Array;

  /** Where the reply's reading stands: see lab/clients/http/replyReader.ts. */
  readonly reading: Uint8Array;
  readonly matched: Uint8Array;
  readonly bodyLeft: Int32Array;
  /** Complete ones. */
  readonly replies: Uint8Array;

  /** Milliseconds: the SYN, and the first closing segment. */
  readonly openedAt: Float64Array;
  readonly closingAt: Float64Array;
  /** Whole milliseconds: when something came, or was sent for the first time. */
  readonly activeAt: Uint32Array;

  constructor(readonly count: number) {
    this.state = new Uint8Array(count);
    this.program = new Uint8Array(count);
    this.step = new Uint8Array(count);
    this.flags = new Uint16Array(count);
    this.standing = new Uint8Array(count);
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
