import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { SampleSplitter, type SampleBlock } from '../../evidence/streams/samples.js';
import { LabError } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { waitFor } from '../../support/wait.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { RecordingCommand } from './recordingCommand.js';

export type OnBlock = (node: string, block: SampleBlock) => void;

const startSeconds = 60;
/** Seconds that pausing may take: the sampler completes its block first, and a large IPVS table takes long. */
const stopSeconds = 60;
/** The sampler's last line of a phase. */
const paused = '@@ paused\n';

/**
 * The sampler of a node, which waits for phases to sample. One process serves the whole life of a lab, because an exec costs a quarter of a
 * second under emulation, and every scenario has two phases on four nodes.
 */
export class NodeSampler {
  #phase: SampledPhase | undefined;

  private constructor(
    private readonly node: string,
    private readonly command: RecordingCommand,
    private readonly pace: Pace,
  ) {
    command.running.stdout
      .on('data', (chunk: Buffer) => this.#phase?.push(chunk))
      .on('end', () => this.#phase?.keepRest());
    command.running.stdin?.on('error', () => undefined);
  }

  static async start({ node, plan }: PlannedNode): Promise<NodeSampler> {
    const running = await node.start(plan.sampler.argv, { stdin: true });
    const command = new RecordingCommand(`${plan.name}'s sampler`, running);
    return new NodeSampler(plan.name, command, node.pace);
  }

  /** Samples into this file from now on. Resolves when the first listing of sockets has arrived. */
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

  /** Throws LabError when the sampler has ended or wrote something that cannot be read, and the system's error when its file cannot be written. */
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
      (observed) => {
        this.check();
        observed(`${String(this.#phase?.characters ?? 0)} characters`);
        return ready() ? true : undefined;
      },
      { seconds, everyMs: 20, pace: this.pace },
    );
  }
}

/** What a sampler writes in one phase, until it says that it has paused. */
class SampledPhase {
  sampled = false;
  paused = false;
  unreadable: Error | undefined;
  /** Why its file could not be written. */
  unwritten: Error | undefined;
  /** How much has come so far. */
  characters = 0;
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
    this.characters += chunk.length;
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

  /** Writes what is left when the sampler has ended: it is evidence, even if its last line is cut. */
  keepRest(): void {
    this.file.end(this.#rest, 'latin1');
  }

  async close(): Promise<void> {
    this.file.end();
    await this.#written;
  }
}
