import { AgentUsageError, parseArguments, usage, type DriveCommand } from './arguments.js';
import { drive } from './drive.js';
import { kernelSockets } from './kernelSocket.js';
import { reserveLocalPorts } from './localPorts.js';
import { probe } from './probe.js';

/** Ports kept for a probe's tries. */
const probePorts = 1024;

/** Runs the load agent; resolves with its exit code: 0, 1 for a probe that failed, 5 for bad usage. */
async function main(argv: readonly string[]): Promise<number> {
  let command;
  try {
    command = parseArguments(argv);
  } catch (error) {
    if (!(error instanceof AgentUsageError)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return 5;
  }
  if (command.command === 'drive') {
    print(await runDrive(command));
    return 0;
  }
  const report = await probe(command, reserveLocalPorts(probePorts));
  print(report);
  return report.ready ? 0 : 1;
}

async function runDrive(command: DriveCommand) {
  const ports = reserveLocalPorts(command.connections);
  const client = kernelSockets({ ...command, ports });
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, command.timeoutSeconds * 1000);
  process.once('SIGTERM', () => {
    stop.abort();
  });
  try {
    return await drive(client, command.connections, stop.signal);
  } finally {
    clearTimeout(timer);
  }
}

function print(report: unknown): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
