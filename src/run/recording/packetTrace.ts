import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { RunningCommand } from '../../engine/port/port.js';
import { LabError } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { waitFor } from '../../support/wait.js';

const startSeconds = 60;

/** A command that follows packets, and what is kept of it. */
export interface TraceRequest {
  /** What it is, in messages. */
  readonly what: string;
  /** Starts it. It says `@@ tracing` on stderr when no more packet is missed, and ends when a line arrives on its input. */
  readonly start: () => Promise<RunningCommand>;
  /** How fast what it runs in works. */
  readonly pace: Pace;
  /** Where its output goes. */
  readonly file: string;
  /** The most bytes of output that are kept. */
  readonly mostBytes: number;
  /** Seconds that ending it may take. */
  readonly endSeconds: number;
  /** Told each piece of output that is kept. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** Follows packets where one command sees them. */
export class PacketTrace {
  #bytes = 0;
  readonly #written: Promise<void>;
  readonly #file: WriteStream;
  #ended: Error | undefined;

  private constructor(
    private readonly running: RunningCommand,
    private readonly request: TraceRequest,
  ) {
    this.#file = createWriteStream(request.file);
    this.#written = finished(this.#file);
    // Told when it ends; a stream's error that nobody takes would end the process.
    this.#written.catch(() => undefined);
    running.stdin?.on('error', () => undefined);
    running.stdout.on('data', (chunk: Buffer) => {
      this.#keep(chunk);
    });
    running.done.then(
      () => (this.#ended = this.#trouble('ended')),
      () => (this.#ended = this.#trouble('was lost')),
    );
  }

  /** Starts the command. */
  static async start(request: TraceRequest): Promise<PacketTrace> {
    return new PacketTrace(await request.start(), request);
  }

  /** Resolves when no more packet is missed. Rejects with LabError when the node cannot trace. */
  async listens(): Promise<void> {
    await waitFor(
      `${this.request.what} to begin`,
      () => {
        if (this.running.stderr().includes('@@ tracing')) return true;
        if (this.#ended !== undefined) throw this.#ended;
        return undefined;
      },
      { seconds: startSeconds, everyMs: 20, pace: this.request.pace },
    );
  }

  /** Ends the trace; its file is complete when this resolves. Rejects with LabError when the trace had to be cut. */
  async end(): Promise<void> {
    const { endSeconds, mostBytes } = this.request;
    this.running.stdin?.write('stop\n');
    await waitFor(`${this.request.what} to end`, () => this.#ended, {
      seconds: endSeconds,
      everyMs: 20,
      pace: this.request.pace,
    });
    this.#file.end();
    await this.#written;
    if (this.#bytes > mostBytes) {
      throw new LabError(`${this.request.what} was cut after ${String(mostBytes)} bytes`);
    }
  }

  #keep(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.request.mostBytes) return;
    this.#file.write(chunk);
    this.request.onOutput?.(chunk);
  }

  #trouble(how: string): LabError {
    return new LabError(`${this.request.what} ${how}: ${this.running.stderr().trim().slice(0, 500)}`);
  }
}
