import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { LabError, messageOf } from '../../../support/errors.js';
import { DeadlineError } from '../../../support/wait.js';

const tailLines = 30;

/** What a console line says about the guest's health; undefined: nothing. */
export function diagnoseLine(line: string): string | undefined {
  const panic = /Kernel panic - not syncing: (.*)/.exec(line)?.[1];
  if (panic !== undefined) {
    return /out of memory|deadlocked on memory/i.test(panic)
      ? 'the guest ran out of memory'
      : `the guest's kernel panicked: ${panic.trim()}`;
  }
  const disk = /lvs-lab-guest: disk full: (.*)/.exec(line)?.[1];
  if (disk !== undefined) return `the guest ran out of disk space: ${disk.trim()}`;
  const failed = /lvs-lab-guest: failed: (.*)/.exec(line)?.[1];
  if (failed !== undefined) return `the guest gave up: ${failed.trim()}`;
  return undefined;
}

/** What the kernel says of itself when it stood still, or had to kill somebody, and goes on all the same. */
const complaints: readonly RegExp[] = [
  /\bBUG: .*/,
  /\brcu: INFO: .*\bdetected (?:expedited )?stalls?\b.*/,
  /\brcu: .*\bkthread starved for .*/,
  /\bINFO: task .* blocked for more than .*/,
  /\b(?:Memory cgroup out of memory|Out of memory)(?: \([^)]*\))?: Kill(?:ed)? process .*/,
  /\bhard LOCKUP\b.*/,
  /\bOops: .*/,
];

/** The kernel's complaint in a console line; undefined: it has none. */
export function complaintIn(line: string): string | undefined {
  return complaints.map((one) => one.exec(line)?.[0]).find((found) => found !== undefined);
}

/** A line of the console, and when it came. */
interface Complaint {
  readonly at: Date;
  readonly text: string;
}

/** How many complaints an error names. */
const mostComplaints = 5;

/** A VM's serial console: written to a file as it arrives, and watched line by line. */
export class SerialConsole {
  readonly #file: string;
  #lines = 0;
  readonly #tail: string[] = [];
  readonly #complaints: Complaint[] = [];
  #lastAt: Date | undefined;
  readonly #waiting: { readonly mark: string; readonly wake: () => void }[] = [];
  readonly #seen = new Set<string>();
  /** Resolves when the console has ended and its file is complete. */
  readonly ended: Promise<void>;

  /** @param onTrouble called with the first line that says the guest is lost */
  constructor(stream: Readable, file: string, onTrouble: (diagnosis: string) => void) {
    this.#file = file;
    const output = createWriteStream(file, { flags: 'a' });
    stream.pipe(output);
    this.ended = finished(output).catch(() => undefined);
    createInterface({ input: stream }).on('line', (raw) => {
      const line = raw.replace(/\x1b(\[[0-9;?]*[A-Za-z]|c)/g, '').trimEnd();
      if (line === '') return;
      this.#lines += 1;
      this.#lastAt = new Date();
      const text = complaintIn(line);
      if (text !== undefined) this.#complaints.push({ at: this.#lastAt, text });
      this.#tail.push(line);
      if (this.#tail.length > tailLines) this.#tail.shift();
      const mark = /^lvs-lab-guest: ([a-z ]+)$/.exec(line)?.[1];
      if (mark !== undefined) {
        this.#seen.add(mark);
        for (const one of this.#waiting) if (one.mark === mark) one.wake();
      }
      const trouble = diagnoseLine(line);
      if (trouble !== undefined) onTrouble(trouble);
    });
  }

  /** How many lines have come so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Resolves when the guest has written `lvs-lab-guest: <mark>`. */
  async seen(mark: string): Promise<void> {
    if (this.#seen.has(mark)) return;
    await new Promise<void>((wake) => this.#waiting.push({ mark, wake }));
  }

  /** Makes an error that carries the console's last lines and names the file with the rest. */
  error(message: string, hint?: string): LabError {
    const tail = this.#tail.length === 0 ? '(the console is empty)' : this.#tail.join('\n');
    const when = this.#lastAt === undefined ? '' : `, the last of them at ${this.#lastAt.toISOString()}`;
    return new LabError(message, {
      details: `last lines of the console, ${this.#file}${when}:\n${tail}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /**
   * Makes of an error one that begins with what the kernel complained of before, with the line and its time, because that explains the error.
   * Without a complaint it is the error itself.
   */
  withComplaint(error: unknown): unknown {
    const [first] = this.#complaints;
    if (first === undefined) return error;
    const lines = this.#complaints
      .slice(0, mostComplaints)
      .map(({ at, text }) => `${at.toISOString()} ${text}`);
    const more = this.#complaints.length - lines.length;
    const { hint, details, cause } =
      error instanceof LabError ? error : new LabError(messageOf(error), { cause: error });
    const Kind = error instanceof DeadlineError ? DeadlineError : LabError;
    return new Kind(
      `the guest's kernel was in trouble: \`${first.text}\`, at ${first.at.toISOString()} on its console; after that, ${messageOf(error)}`,
      {
        hint:
          hint ??
          'where the machine is busy, run fewer labs at a time (`--lanes 1`); if it comes again, the kernel itself may be broken',
        details: [
          `what the kernel complained of, on the console, ${this.#file}:`,
          ...lines,
          ...(more > 0 ? [`... and ${more} more`] : []),
          ...(details === undefined ? [] : [details]),
        ].join('\n'),
        cause,
      },
    );
  }
}
