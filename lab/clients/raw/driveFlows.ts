import { performance } from 'node:perf_hooks';
import type { FlowReport, FlowSecond } from '../../../src/evidence/model/flowTypes.js';
import type { FlowLoad } from './packet/contracts.js';
import type { Neighbours } from './io/neighbours.js';
import type { PacketSocket } from './io/packetSocket.js';
import type { Receiver } from './io/receiver.js';
import type { FrameSender } from './io/sender.js';
import { OpenedWatch } from './openedWatch.js';
import type { HostMessages } from './hostMessages.js';

export interface PacketIo {
  readonly socket: PacketSocket;
  readonly sender: FrameSender;
  readonly receiver: Receiver;
  readonly neighbours: Neighbours;
}

export interface DriveOptions extends PacketIo {
  readonly load: FlowLoad;
  readonly hostMessages: HostMessages;
  /** When the load ends by itself, in milliseconds of the monotonic clock. */
  readonly deadline: number;
  readonly second: (second: FlowSecond) => void;
  /** Each is called once: `connected` when the flows are connected or have failed to connect, `opened` when the load is open. */
  readonly connected: () => void;
  readonly opened: () => void;
}

/** How many batches of frames are received in one turn, so that sending is not held up for ever. */
const batches = 8;
/** Milliseconds to wait for frames when idle: each further wait is twice as long, up to the longest. */
const waits = { shortest: 1, longest: 8 };

/** Lets the load run until it is to end, and resolves with the reason. Rejects with what the kernel or the load threw. */
export async function driveFlows(options: DriveOptions): Promise<FlowReport['ended']> {
  const { load, hostMessages, deadline, sender, socket } = options;
  const watch = new OpenedWatch(load);
  let connected = false;
  let open = false;
  let nextSecond = performance.now() + 1000;
  let wait = waits.shortest;
  for (;;) {
    const received = receiveAll(options);
    // What a wait begins behind is on the wire before the wait's time is taken.
    const answered = sender.flush();
    const now = performance.now();
    load.tick(now);
    const worked = sender.flush() || answered || received > 0;
    if (now >= nextSecond) {
      nextSecond += 1000 * Math.ceil((now - nextSecond + 1) / 1000);
      const second = load.second(now, Date.now() / 1000);
      watch.observe(second);
      options.second(second);
    }
    if (!connected && watch.areConnected) {
      connected = true;
      options.connected();
    }
    if (!open && watch.isOpen) {
      open = true;
      options.opened();
    }
    const ended = hostMessages.ended(now) ?? (now >= deadline ? 'deadline' : undefined);
    if (ended !== undefined) return ended;
    wait = worked ? waits.shortest : Math.min(wait * 2, waits.longest);
    if (!worked) socket.waitForFrames(wait);
    await turn();
  }
}

/** Receives frames and hands each to its reader, neighbours or load; returns how many there were. */
export function receiveAll({ receiver, neighbours, load }: PacketIo & { readonly load?: FlowLoad }): number {
  let all = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const count = receiver.receive((bytes, offset, length, now) => {
      if (!neighbours.receive(bytes, offset, length)) load?.receive(bytes, offset, length, now);
    });
    all += count;
    if (count === 0) break;
  }
  return all;
}

/** Lets Node handle standard input, signals and timers. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
