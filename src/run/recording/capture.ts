import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PcapFile } from '../../evidence/capture/pcap/pcapFile.js';
import {
  captureCounts,
  captureCountsText,
  type CaptureCounts,
} from '../../evidence/capture/captureCounts.js';
import type { PlannedCapture } from '../../scenario/model/planTypes.js';
import { announced, hasWholeLine, listening } from '../../scenario/plan/commands/standing.js';
import { LabError } from '../../support/errors.js';
import { waitFor } from '../../support/wait.js';
import { runCommand } from '../nodes/runCommand.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { RecordingCommand } from './recordingCommand.js';

const seconds = 60;
/** The kernel hands over the last block of a capture that is not in immediate mode within a second. */
const lastBlockMs = 1500;

/**
 * One tcpdump per node for the whole life of a lab. It writes into a file in the node, which is fetched when a phase ends: on a stream each
 * packet would come by itself, through four programs. The file is cut into phases by tcpdump's own counter.
 */
export class CaptureRecording {
  /** What tcpdump had counted when the phase began, and where the phase's packets go. */
  #phase: { readonly file: string; readonly from: CaptureCounts } | undefined;

  private constructor(
    private readonly planned: PlannedNode,
    private readonly capture: PlannedCapture,
    private readonly command: RecordingCommand,
  ) {}

  /** Starts the node's capture; undefined: its plan has none. Resolves when tcpdump listens. */
  static async start(planned: PlannedNode): Promise<CaptureRecording | undefined> {
    const { node, plan } = planned;
    if (plan.capture === undefined) return undefined;
    const running = await node.start(announced(plan.capture.argv));
    const command = new RecordingCommand(`${plan.name}'s capture`, running);
    const capture = new CaptureRecording(planned, plan.capture, command);
    await capture.#until('to listen', () => hasWholeLine(running.stderr(), listening));
    return capture;
  }

  /** The packets from now on are those of the phase with this file. */
  async begin(file: string): Promise<void> {
    this.#phase = { file, from: await this.#counts() };
  }

  /** Writes the phase's packets into its file, and tcpdump's words into the file named; both files are complete when this resolves. */
  async end(words: string): Promise<void> {
    const phase = this.#phase;
    if (phase === undefined) return;
    if (!this.capture.argv.includes('--immediate-mode')) await sleep(lastBlockMs);
    const to = await this.#counts();
    const packets = await this.#packets(phase.from.captured, to.captured);
    this.#phase = undefined;
    const stream = createWriteStream(phase.file);
    const written = finished(stream);
    stream.end(packets);
    await written;
    await writeFile(words, captureCountsText(phase.from, to));
  }

  /** Throws LabError when the capture has ended. */
  check(): void {
    this.command.check();
  }

  /** A pcap of the packets that tcpdump counted between two counts. Throws LabError or EvidenceError when it has not written them. */
  async #packets(from: number, to: number): Promise<Buffer> {
    const { node, plan } = this.planned;
    const fetch = { purpose: 'read what was captured', argv: ['base64', this.capture.file] };
    const file = new PcapFile(Buffer.from(await runCommand(node, fetch, seconds), 'base64'));
    if (file.records.length < to) {
      throw new LabError(
        `${plan.name}'s capture has ${file.records.length} packets in ${this.capture.file}, and tcpdump counted ${to}`,
      );
    }
    return Buffer.concat([file.header, ...file.records.slice(from, to)]);
  }

  /** Asks tcpdump for its counts. It gives them between two packets, when all that it has counted is written. */
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
      return counts !== undefined;
    });
    if (counts === undefined) throw new RangeError('waited for counts and has none');
    return counts;
  }

  async #until(what: string, ready: () => boolean): Promise<void> {
    await waitFor(
      `${this.planned.plan.name}'s capture ${what}`,
      (observed) => {
        this.check();
        observed(this.command.running.stderr().trimEnd().split('\n').at(-1) ?? '');
        return ready() ? true : undefined;
      },
      { seconds, everyMs: 20, pace: this.planned.node.pace },
    );
  }
}
