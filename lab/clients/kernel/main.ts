import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentUsageError, parseArguments, usage, type DriveCommand } from './arguments/arguments.js';
import { blockingSockets } from './connections/blockingSockets.js';
import type { ClientKind } from './connections/conversation.js';
import { drive } from './drive.js';
import { kernelSockets } from './connections/kernelSockets.js';
import { reserveLocalPorts } from './connections/localPorts.js';

/** The machine was too slow for the clients to start in time. */
class LateStart extends Error {}

/** Runs the load agent; resolves with its exit code: 0, 3 when its clients did not start in time, or 5 for bad usage. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'serve') return serve();
  let command: DriveCommand;
  try {
    command = parseArguments(argv);
  } catch (error) {
    if (!(error instanceof AgentUsageError)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return 5;
  }
  const report = await runDrive(command);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 0;
}

/**
 * Drives one load after the other until standard input ends: each line is a JSON array of arguments, and is answered by a line
 * `{"exitCode":0,"report":{...}}`, or one without a report and with the reason on standard error.
 */
async function serve(): Promise<number> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as string[]))}\n`);
  }
  return 0;
}

async function answer(argv: readonly string[]) {
  try {
    return { exitCode: 0, report: await runDrive(parseArguments(argv)) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { exitCode: codeOf(error) };
  }
}

function codeOf(error: unknown): number {
  if (error instanceof LateStart) return 3;
  return error instanceof AgentUsageError ? 5 : 2;
}

/** The time that a load has begins when its clients have started, for which they have as much again. */
async function runDrive(command: DriveCommand) {
  const { connections, every, service, timeoutSeconds } = command;
  const client = clientOf(command);
  const stop = new AbortController();
  const abort = () => {
    stop.abort();
  };
  process.once('SIGTERM', abort);
  let timer: NodeJS.Timeout | undefined;
  try {
    await startOf(client, command);
    timer = setTimeout(abort, timeoutSeconds * 1000);
    return await drive(client, { connections, every, ports: service.ports }, stop.signal, () => {
      process.stderr.write('@@ connected\n');
    });
  } finally {
    clearTimeout(timer);
    process.off('SIGTERM', abort);
    client.dismiss?.();
  }
}

async function startOf(client: ClientKind, { connections, timeoutSeconds }: DriveCommand): Promise<void> {
  const late = new AbortController();
  try {
    const isLate = delay(timeoutSeconds * 1000, true, { signal: late.signal }).catch(() => false);
    if (await Promise.race([client.makeReady?.(connections), isLate])) {
      throw new LateStart(
        `the ${connections} clients (${client.name}) had not started within ${timeoutSeconds} s, so none of them called connect()`,
      );
    }
  } finally {
    late.abort();
  }
}

function clientOf(command: DriveCommand): ClientKind {
  const { service, sourceAddress, talk, closing, reopen } = command;
  const ports = command.localPorts === 'own' ? reserveLocalPorts(command.connections) : undefined;
  const dialogue = { host: service.host, sourceAddress, talk, closing, ports };
  return command.connect === 'blocking' ? blockingSockets(dialogue) : kernelSockets({ ...dialogue, reopen });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = codeOf(error);
  },
);
