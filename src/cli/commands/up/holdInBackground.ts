import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Emit } from '../../../run/model/labEvents.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import { ExitCode, LabError } from '../../../support/errors.js';
import { matchShape } from '../../../support/parseJson.js';
import type { Context } from '../../frame/context.js';
import { reporterFor } from '../../options/reporterFor.js';
import { makeRunDirectory, makeRunId } from '../../results/runDirectory.js';
import { heldLabText, measuringText } from './heldLab.js';
import { holderMessageSchema, type HolderMessage } from './childMessages.js';
import { holderArgv, type UpOptions } from './upOptions.js';

/** Starts a process that holds the lab, shows its progress, and leaves it alone once the lab is up. */
export async function holdInBackground(
  scenario: Scenario,
  options: UpOptions,
  context: Context,
): Promise<number> {
  const { io, services } = context;
  const directory = await makeRunDirectory({ cwd: io.cwd, runId: makeRunId(), out: options.out });
  const log = join(directory, 'up.log');
  const child = services.startDetached(holderArgv(scenario.file, join(directory, 'lab'), options), log);
  const reporter = reporterFor(options.progress, io);
  const stop = () => child.kill('SIGTERM');
  io.signal.addEventListener('abort', stop, { once: true });
  if (io.signal.aborted) stop();
  try {
    const said = await firstWord(child, reporter.emit, log);
    reporter.close();
    io.signal.throwIfAborted();
    if (said.kind === 'failed') {
      context.tell(said.text);
      return said.exitCode;
    }
    context.print(
      `${heldLabText(said.held)}\n${measuringText(said.held)}\n\`lvs-lab down\` removes it; its log is ${log}\n`,
    );
    return ExitCode.ok;
  } finally {
    io.signal.removeEventListener('abort', stop);
    reporter.close();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** What the holder says; an error when this program does not understand it, as when it was replaced by another version meanwhile. */
function readMessage(received: unknown, log: string): HolderMessage | LabError {
  try {
    return matchShape(holderMessageSchema, received);
  } catch (cause) {
    return new LabError('expected the process that holds the lab to tell how it is, found something else', {
      cause,
      hint: `see ${log}; if lvs-lab was installed anew meanwhile, do it again`,
    });
  }
}

type Outcome = Exclude<HolderMessage, { kind: 'event' }>;

/** Passes events on until the lab is up, or the holder has ended. */
function firstWord(child: ChildProcess, emit: Emit, log: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let failed: Outcome | undefined;
    child.on('message', (received) => {
      const message = readMessage(received, log);
      if (message instanceof Error) {
        child.kill('SIGTERM');
        reject(message);
      } else if (message.kind === 'event') emit(message.event);
      else if (message.kind === 'ready') resolve(message);
      // Its cleanup comes after that, and is waited for.
      else failed = message;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const how = signal ?? `exit code ${code ?? 0}`;
      const died = new LabError(
        `expected a lab that stays up, found that the process holding it ended (${how})`,
        {
          hint: `see ${log}`,
        },
      );
      if (failed === undefined) reject(died);
      else resolve(failed);
    });
  });
}
