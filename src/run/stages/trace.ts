import type { TraceRecord } from '../../evidence/model/trace.js';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { RunningCommand } from '../../engine/port/port.js';
import { LabError, messageOf } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { waitAtMost, waitFor } from '../../support/wait.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { writeJson } from '../../support/files/writeJson.js';

const startSeconds = 60;
const endSeconds = 60;
/** Seconds that the load may take beyond the agent's own time limit. */
const graceSeconds = 30;
/** Seconds within which a lost segment is sent again. */
const repeatSeconds = 4;
/** The most bytes of one node's trace. A few connections that close come to a tenth of that, even through hundreds of chains. */
const mostBytes = 8_000_000;

/**
 * Makes a few more connections while these nodes trace what their rules do with each packet, and writes that to `<directory>/trace/`. It is
 * no measurement: the verdict is known already, and the trace names the rule behind it. So problems are recorded and are no errors.
 */
export async function runTrace(lab: PlannedLab, names: readonly string[], directory: string): Promise<void> {
  const into = path.join(directory, 'trace');
  await mkdir(into);
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    problems.push(messageOf(error));
  };
  const traces: NodeTrace[] = [];
  await Promise.all(
    names.map(async (name) => {
      const trace = await NodeTrace.start(nodeNamed(lab, name), into);
      traces.push(trace);
      await trace.listens().catch(note);
    }),
  );
  await lab.agent.drive(lab.plan.trace.drive, 2 * lab.plan.trace.seconds + graceSeconds).catch(note);
  const decided = (): true | undefined => (traces.some(({ turnedAway }) => turnedAway) ? true : undefined);
  await waitAtMost('a rule to turn a packet away', decided, { seconds: repeatSeconds, everyMs: 50 });
  await Promise.all(traces.map((trace) => trace.end().catch(note)));
  const about: TraceRecord = { connections: lab.plan.trace.connections, nodes: names, problems };
  await writeJson(path.join(into, 'trace.json'), about);
}

/** The trace of one node. */
class NodeTrace {
  turnedAway = false;
  #bytes = 0;
  readonly #written: Promise<void>;
  #ended: Error | undefined;

  private constructor(
    private readonly node: string,
    private readonly running: RunningCommand,
    private readonly file: WriteStream,
    private readonly pace: Pace,
  ) {
    this.#written = finished(file);
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

  static async start({ node, plan }: PlannedNode, directory: string): Promise<NodeTrace> {
    const running = await node.start(plan.trace.argv, { stdin: true });
    const file = createWriteStream(path.join(directory, `${plan.name}.trace`));
    return new NodeTrace(plan.name, running, file, node.pace);
  }

  /** Resolves when no more packet is missed. Rejects with LabError when the node cannot trace. */
  async listens(): Promise<void> {
    await waitFor(
      `${this.node}'s trace to begin`,
      () => {
        if (this.running.stderr().includes('@@ tracing')) return true;
        if (this.#ended !== undefined) throw this.#ended;
        return undefined;
      },
      { seconds: startSeconds, everyMs: 20, pace: this.pace },
    );
  }

  /** Ends the trace; its file is complete when this resolves. Rejects with LabError when the trace had to be cut. */
  async end(): Promise<void> {
    this.running.stdin?.write('stop\n');
    const ended = () => this.#ended;
    await waitFor(`${this.node}'s trace to end`, ended, {
      seconds: endSeconds,
      everyMs: 20,
      pace: this.pace,
    });
    this.file.end();
    await this.#written;
    if (this.#bytes > mostBytes) {
      throw new LabError(`${this.node}'s trace was cut after ${String(mostBytes)} bytes`);
    }
  }

  #keep(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > mostBytes) return;
    this.file.write(chunk);
    this.turnedAway ||= /\(verdict drop\)|policy drop/.test(chunk.toString('latin1'));
  }

  #trouble(how: string): LabError {
    return new LabError(`${this.node}'s trace ${how}: ${this.running.stderr().trim().slice(0, 500)}`);
  }
}
