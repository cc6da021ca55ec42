import { makeDatagramLoad } from '../../../../../../lab/clients/raw/datagrams/datagramLoad.js';
import type { FlowLoad } from '../../../../../../lab/clients/raw/packet/contracts.js';
import type { DatagramRequests } from '../../../../../../src/contracts/agents/load.js';
import type { Flows } from '../../../../../../src/contracts/agents/flowProfile.js';
import type { FlowReport } from '../../../../../../src/evidence/model/flowTypes.js';
import { profileOf } from './simulate.js';
import { icmpAbout, readDatagram, writeDatagram, type WireDatagram } from './wireDatagrams.js';
import { clientMac, directorMac } from './wireFormat.js';

/** A request as the server reads it, and when it came, in milliseconds from the start. */
export interface Request {
  readonly id: string;
  readonly sequence: number;
  readonly pushes: number;
  /** Seconds. */
  readonly pause: number;
  readonly at: number;
  readonly datagram: WireDatagram;
}

/** What the server does with a request: a name answers, after so many milliseconds if there is a number; `drop` and an error do not. */
export type Answer =
  | { readonly by: string; readonly after?: number; readonly pushes?: number; readonly times?: number }
  | { readonly icmp: readonly [type: number, code: number] }
  | 'drop';

export interface DatagramOptions {
  readonly asking?: Partial<DatagramRequests>;
  readonly flows?: Partial<Flows>;
  readonly family?: 'ipv4' | 'ipv6';
  readonly ports?: readonly number[];
  readonly answer?: (request: Request) => Answer;
  /** Looks at the load after each tick; true ends the simulation. */
  readonly watch?: (load: FlowLoad, now: number) => boolean;
}

const start = 123_456.789;
/** The second that the simulation begins in, since the epoch. */
export const startAt = 1_700_000_000;
const tickMilliseconds = 2;
const longest = 120_000;
const delay = 1;

/** Runs clients of UDP against a simulated server; every frame that they send is read, checksums and all. */
export function simulateDatagrams(options: DatagramOptions = {}): {
  readonly report: FlowReport;
  readonly requests: readonly Request[];
  readonly endedAt: number;
} {
  const { family = 'ipv4', answer = (): Answer => ({ by: 'realserver1' }) } = options;
  const asking: DatagramRequests = { as: 'dns', pause: 0, wait: 2, requests: 1, idle: 0, ...options.asking };
  const ports = options.ports ?? [53];
  const profile = profileOf({ family, ports, flows: { mix: [], datagrams: asking, ...options.flows } });
  const requests: Request[] = [];
  const coming: { readonly at: number; readonly frame: Buffer }[] = [];
  let now = start;
  const serve = (frame: Buffer): void => {
    const datagram = readDatagram(frame);
    const [, id = '', sequence = '', pushes = '', pause = ''] =
      /^ask (\w+) (\d+) (\d+) ([\d.]+)\n$/.exec(datagram.text) ?? [];
    const request = {
      ...{ id, sequence: Number(sequence), pushes: Number(pushes), pause: Number(pause) },
      ...{ at: now - start, datagram },
    };
    requests.push(request);
    const what = answer(request);
    if (what === 'drop') return;
    if ('icmp' in what) {
      coming.push({ at: now + delay, frame: icmpAbout(frame, ...what.icmp) });
      return;
    }
    const back = (text: string) =>
      writeDatagram({
        source: datagram.destination,
        destination: datagram.source,
        sourcePort: datagram.destinationPort,
        destinationPort: datagram.sourcePort,
        text,
      });
    const { by, after = 0, pushes: sent = request.pushes, times = 1 } = what;
    for (let time = 0; time < times; time += 1)
      coming.push({ at: now + delay + after, frame: back(`reply ${id} ${sequence} ${by}\n`) });
    for (let push = 1; push <= sent; push += 1)
      coming.push({
        at: now + delay + after + push * request.pause * 1000,
        frame: back(`push ${id} ${sequence} ${by}\n`),
      });
  };
  const bytes = Buffer.alloc(4096, 0xee);
  const outbox = {
    bytes,
    reserve: () => 11,
    commit: (length: number) => {
      serve(Buffer.from(bytes.subarray(11, 11 + length)));
      bytes.fill(0xee);
    },
  };
  const macs = { own: clientMac, nextHop: directorMac };
  const load = makeDatagramLoad({ profile, outbox, macs, now, at: startAt }, asking);
  for (let at = start; at <= start + longest; at += tickMilliseconds) {
    now = at;
    const due = coming.filter((one) => one.at <= at);
    for (const one of due) {
      coming.splice(coming.indexOf(one), 1);
      const padded = Buffer.concat([Buffer.alloc(5, 0xaa), one.frame]);
      load.receive(padded, 5, one.frame.length, at);
    }
    load.tick(at);
    if (options.watch?.(load, at - start) === true || (load.isOver && coming.length === 0)) break;
  }
  const at = startAt + (now - start) / 1000;
  const report = load.finish(now, at, 'told', { sendErrors: {}, receiveDrops: 0 });
  return { report, requests, endedAt: now - start };
}
