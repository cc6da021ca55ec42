import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { errorText } from '../../src/report/text/errorText.js';
import { ExitCode, LabError } from '../../src/support/errors.js';

/** Does what a benchmark's command line asks for. What goes wrong is told as lvs-lab tells it, and decides the exit code. */
export async function runCommandLine(command: CommandUnknownOpts): Promise<void> {
  try {
    await command.exitOverride().parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOfCommandLine(error);
    // Of its own errors and of --help commander has told already.
    if (error instanceof CommanderError) return;
    const debug = Boolean(process.env['LVS_LAB_DEBUG']);
    process.stderr.write(errorText(error, { debug }));
  }
}

/** The exit code for an error, or for what commander throws when it has printed help. */
export function exitCodeOfCommandLine(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  return error instanceof LabError ? error.exitCode : ExitCode.labBroke;
}
