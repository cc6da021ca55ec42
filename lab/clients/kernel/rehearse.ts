import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { type DriveOrder, driveOrderSchema, targetsOf } from '../../../src/contracts/agents/driveOrder.js';
import { timesReopened } from '../../../src/contracts/agents/load.js';
import { readOrder } from '../../../src/contracts/agents/readOrder.js';
import { kernelSockets } from './connections/kernelSockets.js';
import { driveConnections } from './driveConnections.js';

/** What most scenarios ask for. */
const usual: DriveOrder = {
  ...{ target: '127.0.0.1', ports: [80], source: '127.0.0.1', timeout: 60 },
  load: {
    ...{ connections: 1, every: 0, requests: 1, upload: 0, download: 0, rate: 0, idle: 0 },
    ...{ connect: 'non-blocking', ports: 'own', reopen: false },
    close: { first: 'server', how: 'fin', after: 0 },
  },
};

/**
 * Drives a load against itself before the first order comes, without a packet: over a Unix socket. Node reads and compiles a function when it is first
 * called, and of the processor time of a few connections that is three quarters, which a lab that was saved after this has behind it.
 */
export async function rehearse(): Promise<void> {
  // Of the abstract namespace: there is no file to be left behind.
  const path = `\0lvs-lab-rehearsal-${process.pid}`;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n'));
  });
  await once(server.listen(path), 'listening');
  try {
    const order = readOrder(driveOrderSchema, JSON.stringify(usual));
    const { target, source = target, load } = order;
    const client = kernelSockets({
      ...{ sourceAddress: source, pattern: load, closing: load.close, ports: undefined },
      reopen: timesReopened(load),
      connectTo: (options) => connect({ ...options, path }),
    });
    const schedule = { connections: load.connections, every: load.every, targets: targetsOf(order) };
    await driveConnections(client, schedule, new AbortController().signal, () => undefined);
  } finally {
    server.close();
  }
}
