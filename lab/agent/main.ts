import { AgentUsageError, parseArguments, usage, type DriveCommand } from './arguments.js';
import { drive } from './drive.js';
import { kernelSockets } from './kernelSocket.js';
import { reserveLocalPorts } from './localPorts.js';

/** Runs the load agent; resolves with its exit code: 0, or 5 for bad usage. */
async function main(argv: readonly string[]): Promise<number> {
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

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
