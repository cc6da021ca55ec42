import type { FlowProfile } from '../../contracts/agents/flowProfile.js';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Node, RunningCommand } from '../../engine/port/port.js';
import { readFlowLine } from '../../evidence/streams/flowLines.js';
import type { FlowReport, FlowSecond } from '../../evidence/model/flowTypes.js';
import type { PlannedCommand } from '../../scenario/model/planTypes.js';
import { LabError, messageOf } from '../../support/errors.js';
import { isNoSpace } from '../../support/noSpace.js';
import { shellQuote } from '../../support/quote.js';
import { waitFor } from '../../support/wait.js';
import { durationText } from '../../support/duration.js';

interface FlowAgentOptions {
  readonly client: Node;
  readonly command: PlannedCommand;
  readonly profile: FlowProfile;
  /** The file to which the agent's output is written as it arrives. */
  readonly file: string;
  readonly onSecond: (second: FlowSecond) => void;
}

/**
 * What the agent announces on stderr. `connected`: all flows have been opened, and are connected or have failed. `opened`: the same, and
 * those still going on are held or stuck.
 */
export type FlowMilestone = 'connected' | 'opened';
/** Milliseconds between two signs of life to the agent. Without any for a minute it takes its orchestrator for gone and ends. */
const heartbeatMs = 2000;
/** Seconds that the agent's last report may take: under emulation that on a million flows takes long. */
const reportSeconds = 120;
/** The agent's exit code when it refuses a profile. */
const refused = 5;

/**
 * The raw-socket load agent of one phase, which opens its flows and keeps them up until it is told to stop. It ends by itself when it is
 * abandoned or this process ends.
 */
export class FlowAgent {
  #rest = '';
  #last: FlowSecond | undefined;
  #report: FlowReport | undefined;
  #stopping = false;
  /** The first error of the agent. */
  #trouble: Error | undefined;
  #over = false;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly running: RunningCommand,
    private readonly options: FlowAgentOptions,
  ) {
    const file = createWriteStream(options.file);
    running.stdout
      .on('data', (chunk: Buffer) => {
        // Told of only when it is on disk: who is killed at what he saw has the evidence of it.
        file.write(chunk, (error) => {
          if (!error) this.#take(chunk.toString());
        });
      })
      .on('end', () => file.end())
      .on('error', (error) => file.destroy(error));
    // The agent may be gone when it is written to; that it ended is told in another way.
    running.stdin?.on('error', () => undefined);
    running.stdin?.write(`${JSON.stringify(options.profile)}\n`);
    this.#heartbeat = setInterval(() => running.stdin?.write('.\n'), heartbeatMs).unref();
    Promise.all([running.done, finished(file)]).then(
      ([code]) => {
        this.#ended(code);
      },
      (error: unknown) => {
        if (isNoSpace(error)) this.#trouble ??= error as Error;
        this.#fail(`was lost (${messageOf(error)})`);
      },
    );
  }

  /** Starts the agent with its profile. */
  static async start(options: FlowAgentOptions): Promise<FlowAgent> {
    return new FlowAgent(await options.client.start(options.command.argv, { stdin: true }), options);
  }

  /** Resolves when the flows have reached this moment. Rejects with LabError when the agent ends before that, or `seconds` pass. */
  async reached(moment: FlowMilestone, seconds: number): Promise<void> {
    const { count } = this.options.profile.flows;
    await waitFor(
      `the raw-socket load to be ${moment}`,
      (observed) => {
        this.check();
        if (this.#last !== undefined) observed(`${this.#last.opened} of ${count} flows opened`);
        return this.running.stderr().includes(`@@ ${moment}`) ? true : undefined;
      },
      { seconds, everyMs: 50, pace: this.options.client.pace },
    );
  }

  /** Throws LabError when the agent has ended before it was told to stop, or has written something that cannot be read. */
  check(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  /** Tells the agent to stop. Resolves with its report on every flow, when all its output is on disk. */
  async stop(): Promise<FlowReport> {
    this.check();
    this.#stopping = true;
    this.running.stdin?.write('stop\n');
    return waitFor(
      "the raw load agent's report",
      () => {
        this.check();
        return this.#over ? this.#report : undefined;
      },
      { seconds: reportSeconds, everyMs: 50, pace: this.options.client.pace },
    );
  }

  /** Leaves the agent to end by itself, which it does at once. Does nothing when it has ended. */
  abandon(): void {
    clearInterval(this.#heartbeat);
    this.running.stdin?.end();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      // Thrown here it would end the process: nobody stands behind a stream's listener.
      try {
        const read = readFlowLine(line);
        if (read.report === undefined) this.options.onSecond((this.#last = read.second));
        else this.#report = read.report;
      } catch (error) {
        const details = messageOf(error);
        this.#trouble ??= new LabError('the raw load agent wrote what cannot be read', {
          details,
          cause: error,
        });
      }
    }
  }

  #ended(code: number): void {
    clearInterval(this.#heartbeat);
    this.#over = true;
    const why = this.#report?.ended;
    if (code === 0 && this.#stopping && why !== undefined) return;
    if (code === refused) {
      this.#fail(
        'refused the load',
        'correct `flows` in the scenario file, the addresses of its topology, or what it gives the client by `commands`',
      );
    } else if (this.#stopping) {
      this.#fail(`ended with exit code ${String(code)}, expected its report when it was told to stop`);
    } else if (why === 'deadline') {
      const { deadline } = this.options.profile;
      this.#fail(
        `ended by itself after ${durationText(deadline, 'set')}, expected the witnesses to be over by then`,
        'ask for fewer flows or a higher rate, or give the witnesses less to do',
      );
    } else {
      this.#fail(`ended with exit code ${String(code)}, expected it to go on until it is told to stop`);
    }
  }

  #fail(how: string, hint?: string): void {
    clearInterval(this.#heartbeat);
    this.#trouble ??= new LabError(`the client's raw load agent ${how}`, {
      details: `$ ${shellQuote(this.options.command.argv)}\n${this.running.stderr()}`.trimEnd(),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
