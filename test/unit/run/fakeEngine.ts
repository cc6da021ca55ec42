import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import type { Engine, ExecResult, Lab, Node, RunningCommand } from '../../../src/engine/port.js';
import type { NodePlan, Plan } from '../../../src/scenario/types.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { shellQuote } from '../../../src/support/quote.js';

/** A real run's evidence; see test/fixtures/runs/README.md. */
export const recorded = path.join(packageRoot, 'test', 'fixtures', 'runs', 'close-server-first');
/** With this run id the lab takes the same subnet as the recorded run did. */
export const recordedRunId = 'abcd1234';

export const ok: ExecResult = { exitCode: 0, stdout: '', stderr: '' };

export interface Call {
  readonly node: string;
  readonly what: 'setup' | 'ready' | 'rules' | 'drive' | 'collect' | 'sampler' | 'capture';
  readonly phase: 'control' | 'measured';
}

/** What a test makes different; undefined leaves it as recorded. */
export interface Script {
  /** Instead of what was recorded. */
  readonly exec?: (call: Call) => Promise<ExecResult> | undefined;
  readonly start?: (call: Call) => RunningCommand | undefined;
  readonly createLab?: () => Promise<never>;
  readonly dispose?: () => Promise<void>;
  readonly lost?: Promise<never>;
}

/** An engine whose nodes say what those of a recorded run said. `calls` is what they were asked, in order. */
export function fakeEngine(script: Script = {}) {
  const calls: string[] = [];
  const engine = {
    identity: { kind: 'vm', id: 'recorded', kernel: '6.1.0-56-amd64' },
    connection: { kind: 'socket', socketPath: '/nowhere' },
    lost: script.lost ?? new Promise<never>(() => undefined),
    usedSubnets: () => Promise.resolve([]),
    createLab: (plan: Plan): Promise<Lab> => {
      calls.push('lab created');
      if (script.createLab !== undefined) return script.createLab();
      const nodes = plan.nodes.map((node) => new RecordedNode(plan, node, script, calls));
      return Promise.resolve({
        plan,
        nodes,
        [Symbol.asyncDispose]: async () => {
          for (const node of nodes) node.end();
          calls.push('lab removed');
          await script.dispose?.();
        },
      });
    },
  } as unknown as Engine;
  return { engine, calls };
}

class RecordedNode implements Node {
  readonly mac: string;
  /** One in each phase. */
  #samplers = 0;
  readonly #running: (() => void)[] = [];

  constructor(
    private readonly lab: Plan,
    readonly plan: NodePlan,
    private readonly script: Script,
    private readonly calls: string[],
  ) {
    const nodes = JSON.parse(readFileSync(path.join(recorded, 'nodes.json'), 'utf8')) as {
      name: string;
      mac: string;
    }[];
    this.mac = nodes.find(({ name }) => name === plan.name)!.mac;
  }

  get role() {
    return this.plan.role;
  }

  async exec(argv: readonly string[]): Promise<ExecResult> {
    const what = this.#meaning(argv);
    const call = this.#call(what);
    const other = this.script.exec?.(call);
    if (what === 'collect') this.end();
    if (other !== undefined) return other;
    if (what === 'drive') return { ...ok, stdout: this.#read('load.json').toString() };
    if (what === 'collect') return { ...ok, stdout: this.#read(`${this.plan.name}.final`).toString() };
    return ok;
  }

  start(argv: readonly string[]): Promise<RunningCommand> {
    const what = argv === this.plan.capture?.argv ? 'capture' : 'sampler';
    if (what === 'sampler') {
      // Counters are zeroed in the same exec, so that a sample says that they were.
      expect(argv.join(' ')).toContain(shellQuote(this.plan.reset.argv));
      expect(argv.join(' ')).toContain(shellQuote(this.plan.sampler.argv));
      this.#samplers++;
    }
    const call = this.#call(what);
    const other = this.script.start?.(call);
    if (other !== undefined) return Promise.resolve(other);
    const running =
      what === 'sampler'
        ? command(this.#read(`${this.plan.name}.samples`))
        : command(
            this.#read(`${this.plan.name}.pcap`),
            'tcpdump: listening on eth0, link-type EN10MB (Ethernet)\n',
          );
    this.#running.push(running.end);
    return Promise.resolve(running);
  }

  /** Ends what runs, as the stop command does, or the container's removal. */
  end(): void {
    for (const end of this.#running.splice(0)) end();
  }

  get #phase(): Call['phase'] {
    return this.#samplers > 1 ? 'measured' : 'control';
  }

  #call(what: Call['what']): Call {
    const call = { node: this.plan.name, what, phase: this.#phase } as const;
    this.calls.push(`${call.node} ${what}`);
    return call;
  }

  #meaning(argv: readonly string[]): Call['what'] {
    const { plan, lab } = this;
    if (argv === lab.ready.argv) return 'ready';
    if (argv === lab.drive.argv) return 'drive';
    if (argv === plan.rules?.argv) return 'rules';
    const text = argv.join(' ');
    if (text.includes(shellQuote(plan.collect.argv))) return 'collect';
    if (plan.setup.every(({ argv: step }) => text.includes(shellQuote(step)))) return 'setup';
    throw new Error(`the plan has no such command: ${text}`);
  }

  #read(name: string): Buffer {
    return readFileSync(path.join(recorded, this.#phase, name));
  }
}

/** A command that has written `output` and goes on until `end` is called. */
export function command(
  output: Buffer | string,
  stderr = '',
): RunningCommand & { readonly end: (code?: number) => void } {
  const stdout = new PassThrough();
  stdout.write(output);
  let ended!: (code: number) => void;
  const done = new Promise<number>((resolve) => (ended = resolve));
  const end = (code = 0): void => {
    stdout.end();
    ended(code);
  };
  return { stdout, stderr: () => stderr, done, end };
}
