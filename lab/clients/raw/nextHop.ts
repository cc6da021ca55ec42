import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { receiveAll, type PacketIo } from './driveFlows.js';
import type { HostMessages } from './hostMessages.js';

const askEvery = 500;
const giveUpAfter = 10_000;
const lookEvery = 5;

/** Asks for the MAC address of the next hop until it is answered. Rejects when nobody answers, or the load is to end. */
export async function nextHopMac(
  wires: PacketIo,
  nextHop: string,
  hostMessages: HostMessages,
): Promise<Buffer> {
  const start = performance.now();
  let asked = -Infinity;
  for (;;) {
    const now = performance.now();
    receiveAll(wires);
    const mac = wires.neighbours.macOf(nextHop);
    if (mac !== undefined) return mac;
    if (hostMessages.ended(now) !== undefined) throw new Error('the load was to end before it had begun');
    if (now - start > giveUpAfter) {
      throw new Error(
        `nobody answered for the next hop ${nextHop} within ${giveUpAfter / 1000} s: look whether its node is up and on the client's network`,
      );
    }
    if (now - asked >= askEvery) {
      asked = now;
      wires.neighbours.ask(nextHop);
    }
    wires.sender.flush();
    await delay(lookEvery);
  }
}
