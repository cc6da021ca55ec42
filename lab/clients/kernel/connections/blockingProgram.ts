import { type BlockingOrder, blockingOrderSchema } from '../../../../src/contracts/agents/blockingOrder.js';
import { observationsSchema, type Observations } from '../../../../src/contracts/agents/observations.js';
import { readOrder } from '../../../../src/contracts/agents/readOrder.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import blockingClient from './blockingClient.pl?raw';

/** A Perl process that is started in advance, because starting takes seconds on a busy machine, and that connects when told to. */
export class BlockingProgram {
  /** Resolves when the process is ready to connect, or has ended; never rejects. */
  readonly started: Promise<void>;
  /** Resolves when the process has ended and all its output has been read; never rejects. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  #seen: Observations = {};
  #isStarted: () => void = () => undefined;
  #observed: () => void = () => undefined;

  constructor() {
    this.started = new Promise((resolve) => (this.#isStarted = resolve));
    const child = spawn('perl', ['-e', blockingClient], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    // Whoever has ended is told nothing more.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') this.#isStarted();
      else this.#observe(readOrder(observationsSchema, line));
    });
    child.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      this.#observe({ error: code ?? message, syscall: 'spawn' });
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => {
        if (code !== null && code > 0) this.#observe({ error: `perl exited with ${code}` });
        this.#isStarted();
        resolve();
      });
    });
  }

  get seen(): Observations {
    return this.#seen;
  }

  /** Gives the process its order, on which it connects once it has started. `observed` is called after each report of the process. */
  connect(order: BlockingOrder, observed: () => void): void {
    this.#observed = observed;
    this.#process.stdin?.end(`${JSON.stringify(blockingOrderSchema.parse(order))}\n`);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #observe(seen: Observations): void {
    this.#seen = { ...this.#seen, ...seen };
    this.#observed();
  }
}
