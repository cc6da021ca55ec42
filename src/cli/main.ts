#!/usr/bin/env node
import { errorText } from '../report/text/errorText.js';
import { withoutForeignControls } from '../report/text/controlCharacters.js';
import { isInterruption } from './frame/exitCodes.js';
import { PossibleLeftovers } from './frame/possibleLeftovers.js';
import { liveServices } from './liveServices.js';
import { codesForErrors } from './options/reportOptions.js';
import { watchOutputs } from './outputs.js';
import { runCli } from './runCli.js';
import { watchSignals } from './signals.js';

/** The one place that ends the process. */
const endProcess = (exitCode: number): never => process.exit(exitCode);

const left = new PossibleLeftovers();
let signal: AbortSignal | undefined;
const watch = (): AbortSignal =>
  watchSignals(process, (exitCode) => {
    process.stderr.write(`\n${withoutForeignControls(left.text())}\n`);
    endProcess(exitCode);
  });

const argv = process.argv.slice(2);
const outputs = watchOutputs(process);

let exitCode = await runCli(
  argv,
  {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    interrupt: () => process.kill(process.pid, 'SIGINT'),
    env: process.env,
    left,
    cwd: process.cwd(),
    get signal() {
      return (signal ??= watch());
    },
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
await flushed(process.stdout);
const failure = outputs.failure();
// Results that nobody got are not what was asked for; who stopped it knows why there are none.
if (failure !== undefined && !isInterruption(exitCode)) {
  process.stderr.write(withoutForeignControls(errorText(failure)));
  exitCode = codesForErrors(argv)(failure);
}
await flushed(process.stderr);
endProcess(exitCode);
