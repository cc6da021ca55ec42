import { ExitCode, LabError } from '../../support/errors.js';

/** Somebody asked the command to stop: Ctrl-C (130) or SIGTERM and its like (143). */
export class Interruption extends LabError {
  override readonly exitCode: ExitCode;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`interrupted by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
  }
}
