import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RunningCommand } from '../engine/port.js';
import { SampleSplitter, type SampleBlock } from '../evidence/samples.js';
import { LabError } from '../support/errors.js';
import { shellQuote } from '../support/quote.js';
import { waitFor } from '../support/wait.js';
import type { PlannedLab, PlannedNode } from './plannedLab.js';

export type OnBlock = (node: string, block: SampleBlock) => void;

const startSeconds = 60;
const stopSeconds = 30;

/** Samplers and captures of all nodes, writing to a phase's directory as they go. */
export class Recorder {
  readonly #streams: Promise<void>[] = [];
  readonly #commands: RunningCommand[] = [];
  readonly #sampled = new Set<string>();
  /** The first thing that went wrong with a recording; also that it ended, which is as it should be once told to. */
  #trouble: Error | undefined;

  private constructor(
    private readonly directory: string,
    private readonly onBlock: OnBlock,
  ) {}

  /** Zeroes the nodes' counters and starts everything; resolves when each sampler has given a sample and each capture listens. */
  static async start(lab: PlannedLab, directory: string, onBlock: OnBlock): Promise<Recorder> {
    const recorder = new Recorder(directory, onBlock);
    await Promise.all(lab.nodes.flatMap((node) => [recorder.#sample(node), recorder.#capture(node)]));
    return recorder;
  }

  async #sample({ node, plan }: PlannedNode): Promise<void> {
    const { name, zero, sampler } = plan;
    // In one exec: a sample then also says that the counters were zeroed before it.
    const command = await node.start([
      'sh',
      '-ec',
      `${shellQuote(zero.argv)}\nexec ${shellQuote(sampler.argv)}`,
    ]);
    const splitter = new SampleSplitter();
    command.stdout.on('data', (chunk: Buffer) => {
      // Thrown here it would end the process: nobody stands behind a stream's listener.
      try {
        for (const block of splitter.push(chunk)) {
          this.#sampled.add(name);
          this.onBlock(name, block);
        }
      } catch (error) {
        const details = error instanceof Error ? error.message : String(error);
        this.#trouble ??= new LabError(`${name}'s sampler wrote what cannot be read`, {
          details,
          cause: error,
        });
      }
    });
    this.#keep(command, `${name}.samples`, `${name}'s sampler`);
    await this.#started(`${name}'s sampler to give a sample`, () => this.#sampled.has(name));
  }

  async #capture({ node, plan }: PlannedNode): Promise<void> {
    const { name, capture } = plan;
    if (capture === undefined) return;
    const command = await node.start(capture.argv);
    this.#keep(command, `${name}.pcap`, `${name}'s capture`);
    await this.#started(`${name}'s capture to listen`, () => command.stderr().includes('listening on'));
  }

  #keep(command: RunningCommand, file: string, who: string): void {
    const stream = pipeline(command.stdout, createWriteStream(path.join(this.directory, file)));
    stream.catch(() => undefined);
    this.#streams.push(stream);
    this.#commands.push(command);
    const ended = (how: string): void => {
      const details = command.stderr().trim();
      this.#trouble ??= new LabError(`${who} ${how}, expected it to go on recording`, { details });
    };
    command.done.then(
      (code) => {
        ended(`ended with exit code ${String(code)}`);
      },
      (error: unknown) => {
        ended(`was lost (${error instanceof Error ? error.message : String(error)})`);
      },
    );
  }

  async #started(what: string, ready: () => boolean): Promise<void> {
    await waitFor(
      what,
      () => {
        this.check();
        return ready() ? true : undefined;
      },
      { seconds: startSeconds, everyMs: 50 },
    );
  }

  /** Throws LabError when a recording has ended, or wrote what cannot be read, before the nodes were told to stop. */
  check(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  /** Resolves when all files are complete, after the nodes were told to stop recording. */
  async finished(): Promise<void> {
    let over = false;
    const all = Promise.all([...this.#streams, ...this.#commands.map(({ done }) => done)]).then(
      () => (over = true),
    );
    await waitFor(
      'samplers and captures to end',
      async () => {
        await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 20))]);
        return over ? true : undefined;
      },
      { seconds: stopSeconds, everyMs: 20 },
    );
  }
}
