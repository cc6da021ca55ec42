import { CommanderError } from '@commander-js/extra-typings';
import { ExitCode, UsageError } from '../support/errors.js';
import { makeContext } from './frame/context.js';
import type { Io } from './frame/io.js';
import { codesForErrors } from './options/reportOptions.js';
import { makeProgram } from './program.js';
import type { Services } from './frame/services.js';

/** Does what `argv` (without node and script) asks for and returns the exit code. Never rejects: errors go to stderr. */
export async function runCli(argv: readonly string[], io: Io, services: Services): Promise<number> {
  const context = makeContext(io, services);
  let exitCode: number = ExitCode.nothingRan;
  const program = makeProgram(context, (command) => async (...args) => {
    exitCode = await command(...args);
  });
  const codeFor = codesForErrors(argv);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has printed help, version or its complaint already.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.ok : codeFor(new UsageError(error.message));
    }
    context.complain(error);
    return codeFor(error);
  }
}
