import { createInterface } from 'node:readline';
import { type DriveOrder, driveOrderSchema, targetsOf } from '../../../src/contracts/agents/driveOrder.js';
import { connectionsInAll, timesReopened } from '../../../src/contracts/agents/load.js';
import { readOrder } from '../../../src/contracts/agents/readOrder.js';
import { addressTo } from './addressTo.js';
import { blockingSockets } from './connections/blockingSockets.js';
import type { SocketFactory } from './connections/clientSocket.js';
import { datagramSockets } from './datagrams/datagramSockets.js';
import { driveConnections } from './driveConnections.js';
import { inTurn } from './connections/inTurn.js';
import { kernelSockets } from './connections/kernelSockets.js';
import { reserveLocalPorts } from './connections/localPorts.js';
import { rehearse } from './rehearse.js';

/** The machine was too slow for the clients to start in time. */
class LateStart extends Error {}

/** The order could not be read. */
class RefusedOrder extends Error {}

const usage = `usage:
  agent drive ORDER   one load; ORDER is JSON, as plan.json has it
  agent serve         one load after the other: a line of standard input is an ORDER`;

/** Runs the load agent. Resolves with its exit code: 0; 3 when its clients did not start in time; 5 for an order that it cannot read. */
async function main([command, text = '', ...rest]: readonly string[]): Promise<number> {
  if (command === 'serve') return serve();
  if (command !== 'drive' || rest.length > 0) {
    process.stderr.write(`${usage}\n`);
    return 5;
  }
  const report = await runDrive(orderIn(text));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 0;
}

function orderIn(text: string): DriveOrder {
  try {
    return readOrder(driveOrderSchema, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RefusedOrder(`the order was refused: ${why}\n${usage}`, { cause });
  }
}

/**
 * Says `@@ waiting` on standard error, and drives one load after the other until standard input ends: each line is an order, and is answered by a line
 * `{"exitCode":0,"report":{...}}`, or one without a report and with the reason on standard error.
 */
async function serve(): Promise<number> {
  await rehearse();
  const orders = createInterface({ input: process.stdin });
  process.stderr.write('@@ waiting\n');
  for await (const line of orders) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
  return 0;
}

async function answer(line: string) {
  try {
    return { exitCode: 0, report: await runDrive(orderIn(line)) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { exitCode: codeOf(error) };
  }
}

function codeOf(error: unknown): number {
  if (error instanceof LateStart) return 3;
  return error instanceof RefusedOrder ? 5 : 2;
}

/** Drives one load. Its time limit begins when its clients have started; each may take the same time again to start. */
async function runDrive(order: DriveOrder) {
  const { load, timeout } = order;
  const { connections, every, later } = load;
  const client = clientOf(order, order.source ?? (await addressTo(order.target)));
  const stop = new AbortController();
  const abort = () => {
    stop.abort();
  };
  process.once('SIGTERM', abort);
  let timer: NodeJS.Timeout | undefined;
  try {
    await startOf(client, connectionsInAll(load), timeout);
    timer = setTimeout(abort, timeout * 1000);
    return await driveConnections(
      client,
      { connections, every, later, targets: targetsOf(order) },
      stop.signal,
      () => {
        process.stderr.write(`@@ connected ${(Date.now() / 1000).toFixed(3)}\n`);
      },
    );
  } finally {
    clearTimeout(timer);
    process.off('SIGTERM', abort);
    client.dismiss?.();
  }
}

/**
 * Waits until the clients have started, which is not part of the load yet: it fails when none has for `timeout` seconds. Each is told on standard error, for whoever
 * waits for the load.
 */
async function startOf(client: SocketFactory, connections: number, timeout: number): Promise<void> {
  let started = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          reject(
            new LateStart(
              `only ${started} of the ${connections} clients (${client.name}) had started, and no other one within ${timeout} s, so none of them called connect()`,
            ),
          );
        }, timeout * 1000);
      };
      wait();
      const oneMore = (): void => {
        started += 1;
        process.stderr.write(`@@ started ${started}\n`);
        wait();
      };
      (client.makeReady?.(connections, oneMore) ?? Promise.resolve()).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** What connects, from all addresses in turn where there are several: what blocks in connect() has one only. */
function clientOf({ sources, load }: DriveOrder, source: string): SocketFactory {
  const { close, connect, keepalive, datagrams, requests, idle } = load;
  const ports = load.ports === 'own' ? reserveLocalPorts(connectionsInAll(load)) : undefined;
  if (datagrams === undefined && connect === 'blocking')
    return blockingSockets({ sourceAddress: source, pattern: load, closing: close, keepalive, ports });
  const [first, ...others] = (sources ?? [source]).map((sourceAddress) =>
    datagrams === undefined
      ? kernelSockets({
          ...{ sourceAddress, pattern: load, closing: close, keepalive, ports },
          reopen: timesReopened(load),
        })
      : datagramSockets({ sourceAddress, datagrams, requests, idle, ports }),
  );
  if (first === undefined) throw new Error('the order has no source');
  return inTurn(first, ...others);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    // What was refused is the caller's to mend: where in this program says nothing.
    const said =
      error instanceof RefusedOrder ? error.message : error instanceof Error ? error.stack : undefined;
    process.stderr.write(`${said ?? String(error)}\n`);
    process.exitCode = codeOf(error);
  },
);
