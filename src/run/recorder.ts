import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Lab, Node, RunningCommand } from '../engine/port.js';
import { SampleSplitter, type SampleBlock } from '../evidence/samples.js';
import { LabError } from '../support/errors.js';
import { waitFor } from '../support/wait.js';

export type OnBlock = (node: string, block: SampleBlock) => void;

const startSeconds = 60;
const stopSeconds = 30;

/** Samplers and captures of all nodes, writing to a phase's directory as they go. */
export class Recorder {
  readonly #streams: Promise<void>[] = [];
  readonly #commands: RunningCommand[] = [];
  readonly #sampled = new Set<string>();

  private constructor(
    private readonly directory: string,
    private readonly onBlock: OnBlock,
  ) {}

  /** Starts everything; resolves when each sampler has given a sample and each capture is listening. */
  static async start(lab: Lab, directory: string, onBlock: OnBlock): Promise<Recorder> {
    const recorder = new Recorder(directory, onBlock);
    await Promise.all(lab.nodes.flatMap((node) => [recorder.#sample(node), recorder.#capture(node)]));
    return recorder;
  }

  async #sample(node: Node): Promise<void> {
    const { name, sampler } = node.plan;
    const command = await node.start(sampler.argv);
    const splitter = new SampleSplitter();
    command.stdout.on('data', (chunk: Buffer) => {
      for (const block of splitter.push(chunk)) {
        this.#sampled.add(name);
        this.onBlock(name, block);
      }
    });
    this.#keep(command, `${name}.samples`);
    await this.#started(`${name}'s sampler to give a sample`, command, () => this.#sampled.has(name));
  }

  async #capture(node: Node): Promise<void> {
    const { name, capture } = node.plan;
    if (capture === undefined) return;
    const command = await node.start(capture.argv);
    this.#keep(command, `${name}.pcap`);
    await this.#started(`${name}'s capture to listen`, command, () =>
      command.stderr().includes('listening on'),
    );
  }

  #keep(command: RunningCommand, file: string): void {
    const stream = pipeline(command.stdout, createWriteStream(path.join(this.directory, file)));
    stream.catch(() => undefined);
    this.#streams.push(stream);
    this.#commands.push(command);
  }

  async #started(what: string, command: RunningCommand, ready: () => boolean): Promise<void> {
    let ended: number | undefined;
    command.done.then(
      (code) => (ended = code),
      () => (ended = -1),
    );
    await waitFor(
      what,
      () => {
        if (ready()) return true;
        if (ended === undefined) return undefined;
        throw new LabError(`waited for ${what}, but it ended with exit code ${String(ended)}`, {
          details: command.stderr().trim(),
        });
      },
      { seconds: startSeconds, everyMs: 50 },
    );
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
