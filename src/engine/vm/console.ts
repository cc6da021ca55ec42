import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { LabError } from '../../support/errors.js';

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

/** A VM's serial console: written to a file as it arrives, and watched line by line. */
export class SerialConsole {
  readonly #file: string;
  readonly #tail: string[] = [];
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

  /** Resolves when the guest has written `lvs-lab-guest: <mark>`. */
  async seen(mark: string): Promise<void> {
    if (this.#seen.has(mark)) return;
    await new Promise<void>((wake) => this.#waiting.push({ mark, wake }));
  }

  /** Makes an error that carries the console's last lines and names the file with the rest. */
  error(message: string, hint?: string): LabError {
    const tail = this.#tail.length === 0 ? '(the console is empty)' : this.#tail.join('\n');
    return new LabError(message, {
      details: `last lines of the console, ${this.#file}:\n${tail}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
