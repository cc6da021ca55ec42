import type { Random } from './random.js';
import type { Flag, WireSegment } from './wireFormat.js';

/** How the simulated realserver behaves, beside what TCP and HTTP want. */
export interface ServerOptions {
  readonly mss: number;
  /** Most bytes of a reply in one segment, as it reaches the client; sizes are random up to here. */
  readonly largestSegment: number;
  /** Bytes it says it has room for, all through a connection. */
  readonly window: number;
  /** Milliseconds from the SYN on in which it says that there is no room. */
  readonly closedWindow: number;
  /** Added to its SYN-ACKs, in front of what they hold; a multiple of four bytes. */
  readonly options: Buffer;
  /** Bytes of a head that come before Content-Length. */
  readonly padding: number;
}

export const plainServer: ServerOptions = {
  mss: 1460,
  largestSegment: 1460,
  window: 65_535,
  closedWindow: 0,
  options: Buffer.alloc(0),
  padding: 0,
};

const most = 2 ** 32;
const modulo = (value: number): number => ((value % most) + most) % most;
/** How far `to` is behind `from`, from -2^31 on. */
const behind = (from: number, to: number): number => {
  const forward = modulo(to - from);
  return forward >= most / 2 ? forward - most : forward;
};

interface Connection {
  readonly initial: number;
  readonly openedAt: number;
  expected: number;
  /** Segments that came too early, by sequence number. */
  readonly early: Map<number, { payload: Buffer; fin: boolean }>;
  request: Buffer;
  bodyLeft: number;
  path: string;
  /** All that is to be sent, from the first byte of the reply on. */
  stream: Buffer;
  finQueued: boolean;
  /** Positions from the initial sequence number on. */
  acknowledged: number;
  sent: number;
  clientFin: boolean;
  timer: number | undefined;
  timeout: number;
  retries: number;
  windowWasClosed: boolean;
  state: 'syn-received' | 'open' | 'time-wait';
}

/**
 * A TCP and HTTP server, written for the tests from RFC 9293 with maps and buffers: it reassembles, retransmits, and serves the paths of
 * lab/node/server.
 */
export class Server {
  /** `closed`: by FINs from both sides, all acknowledged. */
  readonly tally = { opened: 0, closed: 0, reset: 0, requests: [] as string[], bodyBytes: 0 };
  readonly #connections = new Map<string, Connection>();
  readonly #address: string;
  readonly #options: ServerOptions;
  readonly #random: Random;
  readonly #send: (segment: Omit<WireSegment, 'family'>) => void;

  constructor(
    address: string,
    options: ServerOptions,
    random: Random,
    send: (segment: Omit<WireSegment, 'family'>) => void,
  ) {
    this.#address = address;
    this.#options = options;
    this.#random = random;
    this.#send = send;
  }

  /** Connections that are not over, for the server. */
  get held(): number {
    return [...this.#connections.values()].filter(({ state }) => state !== 'time-wait').length;
  }

  receive(segment: WireSegment, now: number): void {
    const key = `${segment.source} ${segment.sourcePort} ${segment.destinationPort}`;
    const connection = this.#connections.get(key);
    const { flags } = segment;
    const isOldSyn = connection !== undefined && modulo(connection.expected - 1) === segment.sequence;
    if (flags.has('syn') && !flags.has('ack')) {
      const isReusable =
        connection?.state === 'time-wait' && behind(connection.expected, segment.sequence) > 0;
      if (connection === undefined || isReusable) this.#accept(key, segment, now);
      else if (isOldSyn && connection.state === 'syn-received') this.#sendSynAck(connection, segment);
      else this.#acknowledge(connection, segment, now);
      return;
    }
    if (connection === undefined) {
      if (!flags.has('rst')) this.#reply(segment, ['rst'], segment.acknowledgement, 0, Buffer.alloc(0));
      return;
    }
    if (flags.has('rst')) {
      if (segment.sequence !== connection.expected) return;
      this.tally.reset += 1;
      this.#connections.delete(key);
      return;
    }
    this.#takeAcknowledgement(connection, segment, now);
    this.#takeStream(connection, segment, now);
    if (connection.state === 'time-wait') return;
    this.#transmit(connection, segment, now);
    const isAllSent = connection.finQueued && connection.acknowledged === this.#end(connection);
    if (isAllSent && connection.clientFin) {
      connection.state = 'time-wait';
      connection.timer = undefined;
      this.tally.closed += 1;
    }
  }

  /** Retransmits, and opens windows. */
  tick(now: number): void {
    for (const [key, connection] of this.#connections) {
      const [source = '', sourcePort, destinationPort] = key.split(' ');
      const segment = { source, sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) };
      if (connection.windowWasClosed && now >= connection.openedAt + this.#options.closedWindow) {
        connection.windowWasClosed = false;
        this.#acknowledge(connection, segment, now);
      }
      if (connection.timer === undefined || now < connection.timer) continue;
      connection.retries += 1;
      connection.timeout = Math.min(connection.timeout * 2, 4000);
      connection.timer = connection.retries > 40 ? undefined : now + connection.timeout;
      if (connection.state === 'syn-received') this.#sendSynAck(connection, segment);
      else this.#sendFrom(connection, segment, connection.acknowledged, now);
    }
  }

  #accept(key: string, segment: WireSegment, now: number): void {
    this.tally.opened += 1;
    const connection: Connection = {
      initial: this.#random.chance(0.5)
        ? modulo(-this.#random.whole(0, 3000))
        : this.#random.whole(0, most - 1),
      openedAt: now,
      expected: modulo(segment.sequence + 1),
      early: new Map(),
      request: Buffer.alloc(0),
      bodyLeft: 0,
      path: '',
      stream: Buffer.alloc(0),
      finQueued: false,
      acknowledged: 0,
      sent: 1,
      clientFin: false,
      timer: now + 1000,
      timeout: 1000,
      retries: 0,
      windowWasClosed: this.#options.closedWindow > 0,
      state: 'syn-received',
    };
    this.#connections.set(key, connection);
    this.#sendSynAck(connection, segment);
  }

  #sendSynAck(connection: Connection, to: Target): void {
    const mss = Buffer.from([2, 4, this.#options.mss >> 8, this.#options.mss & 0xff]);
    const options = Buffer.concat([this.#options.options, mss]);
    this.#reply(
      to,
      ['syn', 'ack'],
      connection.initial,
      connection.expected,
      Buffer.alloc(0),
      options,
      65_535,
    );
  }

  #takeAcknowledgement(connection: Connection, segment: WireSegment, now: number): void {
    if (!segment.flags.has('ack')) return;
    const position = behind(connection.initial, segment.acknowledgement);
    if (position <= connection.acknowledged || position > connection.sent) return;
    connection.acknowledged = position;
    connection.retries = 0;
    connection.timeout = 200;
    if (connection.state === 'syn-received') connection.state = 'open';
    connection.timer = position < connection.sent ? now + connection.timeout : undefined;
  }

  #takeStream(connection: Connection, segment: WireSegment, now: number): void {
    const { payload, flags, sequence } = segment;
    const isAsking = payload.length > 0 || flags.has('fin');
    const offset = behind(sequence, connection.expected);
    if (!isAsking) {
      // A probe of the window, or a late ACK.
      if (offset > 0) this.#acknowledge(connection, segment, now);
      return;
    }
    const room = this.#window(connection, now);
    const isBeyond = behind(connection.expected, modulo(sequence + payload.length)) > room;
    if (!isBeyond && connection.state !== 'syn-received') {
      connection.early.set(sequence, { payload, fin: flags.has('fin') });
      this.#takeEarly(connection);
    }
    this.#acknowledge(connection, segment, now);
  }

  /** Takes in order what is there, however it overlaps. */
  #takeEarly(connection: Connection): void {
    for (let isNew = true; isNew;) {
      isNew = false;
      for (const [sequence, { payload, fin }] of connection.early) {
        const known = behind(sequence, connection.expected);
        if (known < 0) continue;
        connection.early.delete(sequence);
        if (known > payload.length || (known === payload.length && !fin) || connection.clientFin) continue;
        const fresh = payload.subarray(known);
        connection.expected = modulo(connection.expected + fresh.length + (fin ? 1 : 0));
        this.#read(connection, fresh);
        if (fin) this.#clientClosed(connection);
        isNew = true;
      }
    }
  }

  #clientClosed(connection: Connection): void {
    connection.clientFin = true;
    connection.finQueued = true;
  }

  #read(connection: Connection, bytes: Buffer): void {
    connection.request = Buffer.concat([connection.request, bytes]);
    for (;;) {
      if (connection.bodyLeft > 0) {
        const part = Math.min(connection.bodyLeft, connection.request.length);
        if (connection.request.subarray(0, part).some((byte) => byte !== 0))
          throw new Error('a body of zeros');
        connection.bodyLeft -= part;
        this.tally.bodyBytes += part;
        connection.request = connection.request.subarray(part);
        if (connection.bodyLeft > 0) return;
        this.#answer(connection);
        continue;
      }
      const end = connection.request.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = connection.request.subarray(0, end).toString('latin1');
      connection.request = connection.request.subarray(end + 4);
      connection.path = /^(?:GET|POST) (\S+) HTTP\/1\.1\r\nHost: /.exec(head)?.[1] ?? '';
      if (connection.path === '') throw new Error(`no request: ${head}`);
      this.tally.requests.push(connection.path);
      connection.bodyLeft = Number(/Content-Length: (\d+)/.exec(head)?.[1] ?? 0);
      const range = Number(/Range: bytes=0-(\d+)/.exec(head)?.[1] ?? -1) + 1;
      connection.path += ` ${range}`;
      if (connection.bodyLeft === 0) this.#answer(connection);
    }
  }

  #answer(connection: Connection): void {
    const [path = '', range] = connection.path.split(' ');
    if (path.startsWith('/never')) return;
    const body = path.includes('/zeros') ? Buffer.alloc(Number(range), 0x55) : Buffer.from('hello\n');
    const status = path.includes('/zeros') ? 'HTTP/1.1 206 Partial Content' : 'HTTP/1.1 200 OK';
    const head = [
      status,
      `X-Padding: ${'content-length: 3 '.repeat(this.#options.padding)}`,
      'Server: nginx',
    ];
    head.push(`Content-Length: ${body.length}`, '', '');
    connection.stream = Buffer.concat([connection.stream, Buffer.from(head.join('\r\n')), body]);
    if (path.startsWith('/close')) connection.finQueued = true;
  }

  #end(connection: Connection): number {
    return 1 + connection.stream.length + (connection.finQueued ? 1 : 0);
  }

  #transmit(connection: Connection, to: Target, now: number): void {
    if (connection.state === 'syn-received') return;
    while (connection.sent < this.#end(connection)) {
      connection.sent = this.#sendFrom(connection, to, connection.sent, now);
    }
    if (connection.acknowledged < connection.sent) connection.timer ??= now + connection.timeout;
  }

  /** One segment; where the next one begins. */
  #sendFrom(connection: Connection, to: Target, from: number, now: number): number {
    const length = this.#random.whole(1, this.#options.largestSegment);
    const payload = connection.stream.subarray(from - 1, from - 1 + length);
    const isLast = from - 1 + payload.length === connection.stream.length;
    const hasFin = isLast && connection.finQueued && (payload.length === 0 || this.#random.chance(0.5));
    const flags: Flag[] = hasFin ? ['ack', 'fin'] : ['ack'];
    const sequence = modulo(connection.initial + from);
    const window = this.#window(connection, now);
    this.#reply(to, flags, sequence, connection.expected, payload, Buffer.alloc(0), window);
    return from + payload.length + (hasFin ? 1 : 0);
  }

  #acknowledge(connection: Connection, to: Target, now: number): void {
    const sequence = modulo(connection.initial + connection.sent);
    const window = this.#window(connection, now);
    this.#reply(to, ['ack'], sequence, connection.expected, Buffer.alloc(0), Buffer.alloc(0), window);
  }

  #window(connection: Connection, now: number): number {
    return now < connection.openedAt + this.#options.closedWindow ? 0 : this.#options.window;
  }

  #reply(
    to: Target,
    flags: readonly Flag[],
    sequence: number,
    acknowledgement: number,
    payload: Buffer,
    options: Buffer = Buffer.alloc(0),
    window = 0,
  ): void {
    this.#send({
      source: this.#address,
      destination: to.source,
      sourcePort: to.destinationPort,
      destinationPort: to.sourcePort,
      sequence,
      acknowledgement,
      flags: new Set(flags),
      window,
      options,
      payload,
    });
  }
}

/** Whom a segment came from. */
type Target = Pick<WireSegment, 'source' | 'sourcePort' | 'destinationPort'>;
