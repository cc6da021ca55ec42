import type { FlowProfile, Flows } from '../../../../../../src/contracts/agents/flowProfile.js';
import type { Step } from '../../../../../../src/contracts/agents/conversation.js';
import { createHash } from 'node:crypto';
import { makeFlowLoad } from '../../../../../../lab/clients/raw/flowLoad.js';
import type { FlowLoad } from '../../../../../../lab/clients/raw/packet/contracts.js';
import type { FlowReport, FlowSecond } from '../../../../../../src/evidence/model/flowTypes.js';
import { Random } from './random.js';
import { plainServer, Server, type ServerOptions } from './server.js';
import { clientMac, directorMac, icmpFrame, readFrame, writeFrame, type WireSegment } from './wireFormat.js';
import { WireRules } from './wireRules.js';

/** What the network does to packets in either direction. */
export interface WireOptions {
  /** Milliseconds. */
  readonly delay: number;
  /** Most milliseconds on top of it; packets overtake each other then. */
  readonly jitter: number;
  readonly loss: number;
  readonly duplication: number;
}

export const perfectWire: WireOptions = { delay: 0.2, jitter: 0, loss: 0, duplication: 0 };

/** What the director does with a packet of the client. */
export type Judgement =
  'forward' | 'drop' | { readonly icmp: readonly [type: number, code: number] } | 'reset';

export interface SimulationOptions {
  readonly flows?: Partial<Flows>;
  readonly steps?: readonly Step[];
  readonly family?: 'ipv4' | 'ipv6';
  readonly ports?: readonly number[];
  readonly firstFlow?: number;
  readonly mss?: number;
  readonly server?: Partial<ServerOptions>;
  readonly wire?: Partial<WireOptions>;
  /** Seeds the network and the server. */
  readonly chance?: number;
  readonly director?: (segment: WireSegment, now: number) => Judgement;
  /** What the network does to the server's packets. */
  readonly replies?: (segment: Omit<WireSegment, 'family'>, now: number) => 'forward' | 'drop';
  /** Milliseconds after which it is over, unless the load is over before. */
  readonly until?: number;
  /** How much of a received frame is kept. */
  readonly kept?: number;
  /** Looks at the load after each tick; true ends the simulation. */
  readonly watch?: (load: FlowLoad, now: number) => boolean;
}

export interface Simulation {
  readonly report: FlowReport;
  readonly seconds: readonly FlowSecond[];
  readonly server: Server['tally'];
  /** Connections that the server still holds. */
  readonly serverHolds: number;
  readonly sent: readonly WireSegment[];
  /** Over all bytes that the client sent, in their order. */
  readonly sentDigest: string;
  readonly load: FlowLoad;
  /** Milliseconds after the start. */
  readonly endedAt: number;
}

const vips = { ipv4: '10.9.0.100', ipv6: 'fd00:9::64' };
/** Of a monotonic clock, and far from a round number. */
const start = 123_456.789;
const startAt = 1_700_000_000;
const tickMilliseconds = 2;

export const serverFirst: readonly Step[] = [
  { do: 'open' },
  { do: 'send', then: 'close', upload: 0, download: 0, rate: 0 },
  { do: 'expect', what: 'reply' },
  { do: 'expect', what: 'fin' },
  { do: 'close', how: 'fin', ack: 'apart' },
];

export function profileOf(options: SimulationOptions = {}): FlowProfile {
  const { family = 'ipv4', ports = [80], firstFlow = 0, mss = 1460 } = options;
  const flows: Flows = {
    count: 20,
    rate: 1000,
    ramp: 0,
    concurrency: 1000,
    sources: 3,
    seed: 1,
    retries: { open: 5, data: 8, close: 8 },
    mix: [{ weight: 1, conversation: { name: 'custom', steps: options.steps ?? serverFirst } }],
    ...options.flows,
  };
  const address = (index: number): string =>
    family === 'ipv4' ? `10.9.1.${index + 7}` : `fd00:9::1:${index + 7}`;
  return {
    flows,
    family,
    vip: vips[family],
    ports,
    device: 'eth0',
    address: address(-1),
    nextHop: vips[family],
    sources: Array.from({ length: flows.sources }, (_, index) => address(index)),
    networks: ['10.9.0.0/16', 'fd00:9::/64'],
    gateways: [],
    mac: '02:42:0a:09:00:02',
    firstFlow,
    mss,
    deadline: 600,
  };
}

/** Runs a load against a simulated server; every frame of the load is held against the rules of TCP. */
export function simulate(options: SimulationOptions = {}): Simulation {
  const profile = profileOf(options);
  const wire = { ...perfectWire, ...options.wire };
  const random = new Random(options.chance ?? 1);
  const events = new Events();
  const sent: WireSegment[] = [];
  const digest = createHash('sha256');
  const rules = new WireRules(profile);
  let now = start;

  /** Lets a packet arrive once, twice or never. */
  const carry = (arrive: () => void): void => {
    for (let copy = 0; copy <= (random.chance(wire.duplication) ? 1 : 0); copy += 1) {
      if (random.chance(wire.loss)) continue;
      events.add(now + wire.delay + random.next() * wire.jitter, arrive);
    }
  };
  const toClient = (frame: Buffer): void => {
    carry(() => {
      rules.received(frame);
      const padded = Buffer.concat([Buffer.alloc(5, 0xaa), frame]);
      load.receive(padded, 5, Math.min(frame.length, options.kept ?? 2048), now);
    });
  };
  const vipText = profile.family === 'ipv4' ? vips.ipv4 : 'fd000009000000000000000000000064';
  const server = new Server(vipText, { ...plainServer, ...options.server }, random, (segment) => {
    if (options.replies?.(segment, now - start) !== 'drop') toClient(writeFrame(segment));
  });
  const atDirector = (frame: Buffer, segment: WireSegment): void => {
    const judgement = options.director?.(segment, now - start) ?? 'forward';
    if (judgement === 'forward') server.receive(segment, now);
    else if (judgement === 'reset') toClient(writeFrame(resetFor(segment)));
    else if (judgement !== 'drop') toClient(icmpFrame(frame, ...judgement.icmp));
  };
  const bytes = Buffer.alloc(4096, 0xee);
  const outbox = {
    bytes,
    reserve: () => 11,
    commit: (length: number) => {
      const frame = Buffer.from(bytes.subarray(11, 11 + length));
      digest.update(frame);
      const segment = readFrame(frame);
      rules.sent(segment, now - start);
      sent.push(segment);
      carry(() => {
        atDirector(frame, segment);
      });
      bytes.fill(0xee);
    },
  };
  const macs = { own: clientMac, nextHop: directorMac };
  const load = makeFlowLoad({ profile, outbox, macs, now, at: startAt });
  const seconds: FlowSecond[] = [];
  const until = start + (options.until ?? 120_000);
  for (let tickAt = start; tickAt <= until; tickAt += tickMilliseconds) {
    for (const event of events.before(tickAt)) {
      now = event.at;
      event.run();
    }
    now = tickAt;
    load.tick(now);
    server.tick(now);
    if (now - start >= (seconds.length + 1) * 1000)
      seconds.push(load.second(now, startAt + (now - start) / 1000));
    if (options.watch?.(load, now - start) === true) break;
    if (load.isOver && events.isEmpty && server.held === 0) break;
  }
  const at = startAt + (now - start) / 1000;
  seconds.push(load.second(now, at));
  return {
    report: load.finish(now, at, 'told', { sendErrors: {}, receiveDrops: 0 }),
    seconds,
    server: server.tally,
    serverHolds: server.held,
    sent,
    sentDigest: digest.digest('hex'),
    load,
    endedAt: now - start,
  };
}

/** As REJECT --reject-with tcp-reset makes it. */
function resetFor(segment: WireSegment): Omit<WireSegment, 'family'> {
  const { source, destination, sourcePort, destinationPort, flags } = segment;
  const length = segment.payload.length + (flags.has('syn') ? 1 : 0) + (flags.has('fin') ? 1 : 0);
  return {
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    sequence: flags.has('ack') ? segment.acknowledgement : 0,
    acknowledgement: flags.has('ack') ? 0 : (segment.sequence + length) % 2 ** 32,
    flags: flags.has('ack') ? new Set(['rst']) : new Set(['rst', 'ack']),
    window: 0,
    options: Buffer.alloc(0),
    payload: Buffer.alloc(0),
  };
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** What is under way, in the order of its arrival. */
class Events {
  #events: Event[] = [];

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(at: number, run: () => void): void {
    let index = this.#events.length;
    while (index > 0 && this.#events[index - 1]!.at > at) index -= 1;
    this.#events.splice(index, 0, { at, run });
  }

  /** Takes out one after the other; also those that come to be meanwhile. */
  *before(time: number): Generator<Event> {
    for (let event = this.#events[0]; event !== undefined && event.at <= time; event = this.#events[0]) {
      this.#events.shift();
      yield event;
    }
  }
}
