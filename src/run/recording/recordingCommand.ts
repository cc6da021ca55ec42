import type { RunningCommand } from '../../engine/port/port.js';
import { LabError, messageOf } from '../../support/errors.js';

/** A command that records for the whole life of its lab; it is an error when it ends before. */
export class RecordingCommand {
  #trouble: Error | undefined;

  constructor(
    private readonly who: string,
    readonly running: RunningCommand,
  ) {
    running.done.then(
      (code) => {
        this.#ended(`ended with exit code ${String(code)}`);
      },
      (error: unknown) => {
        this.#ended(`was lost (${messageOf(error)})`);
      },
    );
  }

  /** Throws LabError when the command has ended. */
  check(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  #ended(how: string): void {
    this.#trouble = new LabError(`${this.who} ${how}, expected it to go on recording`, {
      details: this.running.stderr().trim(),
    });
  }
}
