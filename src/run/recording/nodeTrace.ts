import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { RunningCommand } from '../../engine/port/port.js';
import { LabError } from '../../support/errors.js';
import { packageRoot } from '../../support/packageRoot.js';
import { waitFor } from '../../support/wait.js';
import type { PlannedNode } from '../nodes/plannedNode.js';

const startSeconds = 60;
const endSeconds = 120;
/** The most bytes of one node's trace: some thousand packets through hundreds of chains. */
const mostBytes = 64_000_000;

/**
 * Follows packets through a node's rules, by `lab/node/explain.sh`. The script is handed over when it is started, and is no part of the state
 * that labs begin with.
 */
export class NodeTrace {
  #bytes = 0;
  readonly #written: Promise<void>;
  #ended: Error | undefined;

  private constructor(
    private readonly node: string,
    private readonly running: RunningCommand,
    private readonly file: WriteStream,
  ) {
    this.#written = finished(file);
    // Told when it ends; a stream's error that nobody takes would end the process.
    this.#written.catch(() => undefined);
    running.stdin?.on('error', () => undefined);
    running.stdout.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes <= mostBytes) this.file.write(chunk);
    });
    running.done.then(
      () => (this.#ended = this.#trouble('ended')),
      () => (this.#ended = this.#trouble('was lost')),
    );
  }

  /** Starts to follow packets, with what the node's plan tells the script; what is seen will be in `file`. */
  static async start(
    { node, plan }: PlannedNode,
    words: readonly string[],
    file: string,
  ): Promise<NodeTrace> {
    const script = await readFile(path.join(packageRoot, 'lab', 'node', 'explain.sh'), 'utf8');
    const running = await node.start(['bash', '-c', script, 'explain.sh', ...words], { stdin: true });
    return new NodeTrace(plan.name, running, createWriteStream(file));
  }

  /** Resolves when no more packet is missed. Rejects with LabError when packets cannot be followed on the node. */
  async listens(): Promise<void> {
    await waitFor(
      `${this.node} to follow packets`,
      () => {
        if (this.running.stderr().includes('@@ tracing')) return true;
        if (this.#ended !== undefined) throw this.#ended;
        return undefined;
      },
      { seconds: startSeconds, everyMs: 20 },
    );
  }

  /** Ends it; the file is complete when this resolves. Rejects with LabError when it had to be cut. */
  async end(): Promise<void> {
    this.running.stdin?.write('stop\n');
    await waitFor(`${this.node} to tell what it followed`, () => this.#ended, {
      seconds: endSeconds,
      everyMs: 20,
    });
    this.file.end();
    await this.#written;
    if (this.#bytes > mostBytes) {
      throw new LabError(`what ${this.node} followed was cut after ${String(mostBytes)} bytes`);
    }
  }

  #trouble(how: string): LabError {
    return new LabError(
      `following packets on ${this.node} ${how}: ${this.running.stderr().trim().slice(0, 500)}`,
    );
  }
}
