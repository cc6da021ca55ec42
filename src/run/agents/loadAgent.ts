import { z } from 'zod';
import type { DriveOrder } from '../../contracts/agents/driveOrder.js';
import { parseRecordedJson } from '../../evidence/text/parseRecordedJson.js';
import type { Node, RunningCommand } from '../../engine/port/port.js';
import { agentArgv } from '../../scenario/plan/commands/standing.js';
import { LabError, messageOf } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { waitFor } from '../../support/wait.js';

/** The agent's answer on one load: its report, or why there is none. */
export interface LoadAnswer {
  readonly exitCode: number;
  /** The report as JSON text; empty when there is none. */
  readonly report: string;
  readonly stderr: string;
}

/** The line that the agent prints when a load is over. Its report is checked later, by the code that needs it. */
const answerSchema = z.object({ exitCode: z.number(), report: z.unknown().optional() });

/** What the agent writes on stderr when every connection is open or has failed: with the time, by the nodes' clock. */
const connected = /^@@ connected ([\d.]+)\n/m;

/**
 * The load agent of a lab, which waits in the client for loads to drive. One process serves the whole life of a lab, because starting
 * Node.js costs seconds under emulation.
 */
export class LoadAgent {
  #stdout = '';
  /** Where the present load's output begins in the agent's stderr. */
  #from = 0;
  #ended: Error | undefined;

  private constructor(
    private readonly running: RunningCommand,
    private readonly pace: Pace,
  ) {
    running.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    const end = (how: string): void => {
      this.#ended = new LabError(`the client's load agent ${how}, expected it to wait for the next load`, {
        details: running.stderr().trim(),
      });
    };
    running.done.then(
      (code) => {
        end(`ended with exit code ${String(code)}`);
      },
      (error: unknown) => {
        end(`was lost (${messageOf(error)})`);
      },
    );
  }

  static async start(client: Node): Promise<LoadAgent> {
    return new LoadAgent(await client.start(agentArgv, { stdin: true }), client.pace);
  }

  /** Drives a load to its end; only one may run at a time. */
  async drive(order: DriveOrder, seconds: number): Promise<LoadAnswer> {
    this.#stdout = '';
    this.#from = this.running.stderr().length;
    this.running.stdin?.write(`${JSON.stringify(order)}\n`);
    const line = await waitFor(
      "the load agent's report",
      (observed) => {
        observed(this.#lastWords());
        return this.#line();
      },
      { seconds, everyMs: 20, pace: this.pace },
    );
    const { exitCode, report } = parseRecordedJson(answerSchema, line);
    return {
      exitCode,
      report: report === undefined ? '' : JSON.stringify(report),
      stderr: this.#stderr(),
    };
  }

  /** Resolves when every connection of the present load is open or has failed, with the time of that: seconds since the epoch by the nodes' clock. */
  async connected(seconds: number): Promise<number> {
    return waitFor(
      "the load's connections to be open",
      (observed) => {
        if (this.#ended !== undefined) throw this.#ended;
        observed(this.#lastWords());
        const at = connected.exec(this.#stderr())?.[1];
        return at === undefined ? undefined : Number(at);
      },
      { seconds, everyMs: 20, pace: this.pace },
    );
  }

  /** What it said last of the present load, which tells of its progress. */
  #lastWords(): string {
    return this.#stderr().trimEnd().split('\n').at(-1) ?? '';
  }

  #stderr(): string {
    return this.running.stderr().slice(this.#from);
  }

  #line(): string | undefined {
    const end = this.#stdout.indexOf('\n');
    if (end >= 0) return this.#stdout.slice(0, end);
    if (this.#ended !== undefined) throw this.#ended;
    return undefined;
  }
}
