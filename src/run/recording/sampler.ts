import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { SampleSplitter, type SampleBlock } from '../../evidence/streams/samples.js';
import { LabError } from '../../support/errors.js';
import { waitFor } from '../../support/wait.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { RecordingCommand } from './recordingCommand.js';

export type OnBlock = (node: string, block: SampleBlock) => void;

const startSeconds = 60;
/** A block that is being made when the sampler is told to pause is completed: a large IPVS table takes its time. */
const stopSeconds = 60;
/** The sampler's last line of a phase. */
const paused = '@@ paused\n';

/**
 * The sampler of a node, waiting for phases to sample. One process for the life of a lab: under emulation an exec costs a quarter
 * of a second, and there are two phases to a scenario and four nodes to a lab.
 */
export class NodeSampler {
  #phase: SampledPhase | undefined;

  private constructor(
    private readonly node: string,
    private readonly command: RecordingCommand,
  ) {
    command.running.stdout
      .on('data', (chunk: Buffer) => this.#phase?.push(chunk))
      .on('end', () => this.#phase?.keepRest());
    command.running.stdin?.on('error', () => undefined);
  }

  static async start({ node, plan }: PlannedNode): Promise<NodeSampler> {
    const running = await node.start(plan.sampler.argv, { stdin: true });
    return new NodeSampler(plan.name, new RecordingCommand(`${plan.name}'s sampler`, running));
  }

  /** Samples into a file from now on. Resolves when a first listing of sockets has come. */
  async begin(file: string, onBlock: OnBlock): Promise<void> {
    const phase = new SampledPhase(createWriteStream(file), (block) => {
      onBlock(this.node, block);
    });
    this.#phase = phase;
    this.command.running.stdin?.write('go\n');
    await this.#until('to give a sample', () => phase.sampled, startSeconds);
  }

  /** Pauses; the phase's file is complete when this resolves. */
  async end(): Promise<void> {
    const phase = this.#phase;
    if (phase === undefined) return;
    this.command.running.stdin?.write('pause\n');
    await this.#until('to pause', () => phase.paused, stopSeconds);
    this.#phase = undefined;
    await phase.close();
  }

  /** Throws LabError when the sampler has ended, or wrote what cannot be read, and the system's error when its file cannot be written. */
  check(): void {
    if (this.#phase?.unwritten !== undefined) throw this.#phase.unwritten;
    this.command.check();
    if (this.#phase?.unreadable !== undefined) {
      throw new LabError(`${this.node}'s sampler wrote what cannot be read`, {
        details: this.#phase.unreadable.message,
        cause: this.#phase.unreadable,
      });
    }
  }

  async #until(what: string, ready: () => boolean, seconds: number): Promise<void> {
    await waitFor(
      `${this.node}'s sampler ${what}`,
      () => {
        this.check();
        return ready() ? true : undefined;
      },
      { seconds, everyMs: 20 },
    );
  }
}

/** What a sampler writes of one phase, up to its word that it pauses. */
class SampledPhase {
  sampled = false;
  paused = false;
  unreadable: Error | undefined;
  /** Why its file could not be written. */
  unwritten: Error | undefined;
  readonly #splitter = new SampleSplitter();
  readonly #written: Promise<void>;
  #rest = '';

  constructor(
    private readonly file: WriteStream,
    private readonly onBlock: (block: SampleBlock) => void,
  ) {
    this.#written = finished(file);
    this.#written.catch((error: unknown) => (this.unwritten = error as Error));
  }

  push(chunk: Buffer): void {
    // Whole lines only, so that the last one is found; the output is ASCII.
    const text = this.#rest + chunk.toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    let lines = text.slice(0, end);
    if (lines.endsWith(paused)) {
      lines = lines.slice(0, -paused.length);
      this.paused = true;
    }
    this.file.write(lines, 'latin1');
    // Thrown here it would end the process: nobody stands behind a stream's listener.
    try {
      for (const block of this.#splitter.push(lines)) {
        if (block.kind === 'ss') this.sampled = true;
        this.onBlock(block);
      }
    } catch (error) {
      this.unreadable ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  /** What a sampler had written when it ended belongs to the evidence, whole line or not. */
  keepRest(): void {
    this.file.end(this.#rest, 'latin1');
  }

  async close(): Promise<void> {
    this.file.end();
    await this.#written;
  }
}
