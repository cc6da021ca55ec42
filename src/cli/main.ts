#!/usr/bin/env node
import { liveServices } from './liveServices.js';
import { runCli } from './runCli.js';
import { watchSignals } from './signals.js';

const signal = watchSignals(process, (exitCode) => {
  process.stderr.write('\nstopped at once; run `lvs-lab clean` to remove what may be left\n');
  process.exit(exitCode);
});

for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads may have had enough (`lvs-lab list | head`): no reason to crash, and cleanup must still run.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const exitCode = await runCli(
  process.argv.slice(2),
  {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal,
    toParent:
      process.send === undefined
        ? undefined
        : (message) => {
            if (process.connected) process.send?.(message);
          },
  },
  liveServices,
);

// Client libraries keep sockets open that would keep this process alive; what was printed must be out before it ends.
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(exitCode);
