import { createWriteStream, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PcapSplitter } from '../../evidence/capture/pcapSplitter.js';
import {
  captureCounts,
  captureCountsText,
  type CaptureCounts,
} from '../../evidence/capture/captureCounts.js';
import { announced } from '../../scenario/plan/commands/standing.js';
import { LabError } from '../../support/errors.js';
import { waitFor } from '../../support/wait.js';
import { runCommand } from '../nodes/runCommand.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { RecordingCommand } from './recordingCommand.js';

const seconds = 60;
/** The kernel hands over the last block of a capture that is not in immediate mode within a second. */
const lastBlockMs = 1500;

/** One tcpdump per node for the whole life of a lab; splits its packets into phases by tcpdump's own counter. */
export class CaptureRecording {
  readonly #splitter = new PcapSplitter();
  /** Packets that came while a phase begins or ends, until tcpdump's count tells on which side of it they are. */
  #held: { readonly before: number; readonly records: Buffer[] } | undefined;
  #phase:
    { readonly file: WriteStream; readonly written: Promise<void>; readonly from: CaptureCounts } | undefined;
  /** Why the phase's file could not be written. */
  #unwritten: Error | undefined;

  private constructor(
    private readonly planned: PlannedNode,
    private readonly command: RecordingCommand,
    private readonly isImmediate: boolean,
  ) {
    command.running.stdout.on('data', (chunk: Buffer) => {
      const records = this.#splitter.push(chunk);
      if (this.#held !== undefined) this.#held.records.push(...records);
      else if (records.length > 0) this.#phase?.file.write(Buffer.concat(records));
    });
  }

  /** Starts the node's capture; undefined: its plan has none. Resolves when tcpdump listens. */
  static async start(planned: PlannedNode): Promise<CaptureRecording | undefined> {
    const { node, plan } = planned;
    if (plan.capture === undefined) return undefined;
    const { argv } = plan.capture;
    const running = await node.start(announced(argv));
    const command = new RecordingCommand(`${plan.name}'s capture`, running);
    const capture = new CaptureRecording(planned, command, argv.includes('--immediate-mode'));
    await capture.#until('to listen', () => running.stderr().includes('listening on'));
    return capture;
  }

  /** Writes packets into this file from now on. */
  async begin(file: string): Promise<void> {
    const held = this.#hold();
    const from = await this.#counts();
    await this.#until('to begin its file', () => this.#splitter.header !== undefined);
    const stream = createWriteStream(file);
    const written = finished(stream);
    // A stream's error that nobody takes ends the process.
    written.catch((error: unknown) => (this.#unwritten = error as Error));
    stream.write(this.#splitter.header);
    stream.write(Buffer.concat(held.records.slice(Math.max(0, from.captured - held.before))));
    this.#held = undefined;
    this.#phase = { file: stream, written, from };
  }

  /**
   * Ends the phase's file, which has as many packets as tcpdump took in the phase. The file is complete when this resolves; the counts go
   * into the file `words`.
   */
  async end(words: string): Promise<void> {
    const phase = this.#phase;
    if (phase === undefined) return;
    if (!this.isImmediate) await sleep(lastBlockMs);
    const held = this.#hold();
    const counts = await this.#counts();
    phase.file.write(Buffer.concat(held.records.slice(0, Math.max(0, counts.captured - held.before))));
    this.#held = undefined;
    this.#phase = undefined;
    phase.file.end();
    await phase.written;
    await writeFile(words, captureCountsText(phase.from, counts));
  }

  /** Holds back packets from now on, until it is known whether they belong to the phase. */
  #hold(): { readonly before: number; readonly records: Buffer[] } {
    const held = { before: this.#splitter.records, records: [] };
    this.#held = held;
    return held;
  }

  /** Throws LabError when the capture has ended, and the system's error when its packets cannot be written. */
  check(): void {
    if (this.#unwritten !== undefined) throw this.#unwritten;
    this.command.check();
    this.#splitter.check();
  }

  /** Asks tcpdump for its counts, and waits until all packets that it counted have arrived. */
  async #counts(): Promise<CaptureCounts> {
    const { running } = this.command;
    const before = running.stderr().length;
    const pid = /^@@ pid (\d+)$/m.exec(running.stderr())?.[1];
    if (pid === undefined)
      throw new LabError(`${this.planned.plan.name}'s capture did not tell its process id`);
    const purpose = 'ask the capture for its counts';
    await runCommand(this.planned.node, { purpose, argv: ['kill', '-USR1', pid] }, seconds);
    let counts: CaptureCounts | undefined;
    await this.#until('to count', () => {
      counts = captureCounts(running.stderr().slice(before));
      return counts !== undefined && this.#splitter.records >= counts.captured;
    });
    if (counts === undefined) throw new RangeError('waited for counts and has none');
    return counts;
  }

  async #until(what: string, ready: () => boolean): Promise<void> {
    await waitFor(
      `${this.planned.plan.name}'s capture ${what}`,
      () => {
        this.check();
        return ready() ? true : undefined;
      },
      { seconds, everyMs: 20 },
    );
  }
}
