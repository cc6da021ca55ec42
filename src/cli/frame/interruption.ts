import type { EndingSignal } from '../../contracts/words/processSignals.js';
import { ExitCode, LabError } from '../../support/errors.js';

/** A signal asked the command to stop. The exit code is 130 for Ctrl-C, and 143 for SIGTERM and SIGHUP. */
export class Interruption extends LabError {
  override readonly exitCode: typeof ExitCode.interrupted | typeof ExitCode.terminated;

  constructor(signal: EndingSignal) {
    super(`interrupted by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
  }
}
