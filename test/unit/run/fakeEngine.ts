import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { Engine, ExecResult, Lab, Node, RunningCommand } from '../../../src/engine/port.js';
import type { LabShape, NodeShape } from '../../../src/scenario/types.js';
import { packageRoot } from '../../../src/support/packageRoot.js';

/** A real run's evidence; see test/fixtures/runs/README.md. */
export const recorded = path.join(packageRoot, 'test', 'fixtures', 'runs', 'close-server-first');
export const recordedRunId = 'abcd1234';
/** Fixed in the scenario, so that the lab has the addresses of the recorded run. */
export const recordedSubnet = (
  JSON.parse(readFileSync(path.join(recorded, 'nodes.json'), 'utf8')) as { addresses: string[] }[]
)[0]!.addresses[0]!.replace(/\d+$/, '0/24');

export const ok: ExecResult = { exitCode: 0, stdout: '', stderr: '' };

export interface Call {
  readonly node: string;
  readonly what:
    'mark' | 'setup' | 'ready' | 'rules' | 'event' | 'drive' | 'collect' | 'reset' | 'sampler' | 'capture';
  readonly phase: 'control' | 'measured';
}

/** What a test makes different; undefined leaves it as recorded. */
export interface Script {
  /** Instead of what was recorded. */
  readonly exec?: (call: Call) => Promise<ExecResult> | undefined;
  readonly start?: (call: Call) => RunningCommand | undefined;
  readonly createLab?: () => Promise<never>;
  readonly dispose?: () => Promise<void>;
  /** What the client's load agent prints and ends with, instead of what was recorded. */
  readonly drive?: (call: Call) => Promise<ExecResult> | undefined;
  readonly lost?: Promise<never>;
  /** What the engine's own packet filter is; none when left out. */
  readonly hostRules?: string;
}

/** An engine whose nodes say what those of a recorded run said. `calls` is what they were asked, in order. */
export function fakeEngine(script: Script = {}) {
  const calls: string[] = [];
  const state: Shared = { phase: 'control' };
  const engine = {
    identity: { kind: 'vm', id: 'recorded', kernel: '6.1.0-56-amd64', processors: 2, memoryBytes: 2e9 },
    connection: { kind: 'socket', socketPath: '/nowhere' },
    lost: script.lost ?? new Promise<never>(() => undefined),
    usedSubnets: () => Promise.resolve([]),
    hostRules: () => Promise.resolve(script.hostRules ?? ''),
    createLab: (shape: LabShape): Promise<Lab> => {
      calls.push('lab created');
      state.phase = 'control';
      if (script.createLab !== undefined) return script.createLab();
      const nodes = shape.nodes.map((node) => new RecordedNode(node, script, calls, state));
      return Promise.resolve({
        shape,
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

/** What `state.sh` says of a node that nobody has touched. */
export const pristine = '## rules\n## sockets\nLISTEN 0.0.0.0:80 0.0.0.0:*\n';

/** Which of the recorded phases the lab's nodes are in: loading rules is what comes between them. */
interface Shared {
  phase: Call['phase'];
}

class RecordedNode implements Node {
  readonly macs: readonly string[];
  readonly #running: (() => void)[] = [];

  constructor(
    readonly shape: NodeShape,
    private readonly script: Script,
    private readonly calls: string[],
    private readonly state: Shared,
  ) {
    const nodes = JSON.parse(readFileSync(path.join(recorded, 'nodes.json'), 'utf8')) as {
      name: string;
      macs: string[];
    }[];
    this.macs = nodes.find(({ name }) => name === shape.name)!.macs;
  }

  get role() {
    return this.shape.role;
  }

  async exec(argv: readonly string[]): Promise<ExecResult> {
    const what = meaning(argv);
    const call = this.#call(what);
    const other = this.script.exec?.(call);
    if (what === 'collect') this.end();
    if (what === 'rules') this.state.phase = 'measured';
    if (what === 'reset') this.state.phase = 'control';
    if (other !== undefined) return other;
    if (what === 'collect') return { ...ok, stdout: this.#read(`${this.shape.name}.final`).toString() };
    if (what === 'mark' || what === 'reset') return { ...ok, stdout: pristine };
    return ok;
  }

  start(argv: readonly string[]): Promise<RunningCommand> {
    const what = meaning(argv);
    if (what === 'drive') return Promise.resolve(this.#agent());
    const call = this.#call(what);
    const other = this.script.start?.(call);
    if (other !== undefined) return Promise.resolve(other);
    const running =
      what === 'sampler'
        ? command(this.#read(`${this.shape.name}.samples`))
        : command(
            this.#read(`${this.shape.name}.pcap`),
            'tcpdump: listening on eth0, link-type EN10MB (Ethernet)\n',
          );
    this.#running.push(running.end);
    return Promise.resolve(running);
  }

  /** The agent waits for loads; what it answers may be the test's. */
  #agent(): RunningCommand {
    let stderr = '';
    const running = command('', () => stderr);
    const stdin = new PassThrough();
    stdin.on('data', () => {
      const call = this.#call('drive');
      stderr += '@@ connected\n';
      const answer = this.script.drive?.(call) ?? Promise.resolve(this.#report());
      answer.then(
        ({ exitCode, stdout, stderr: said }) => {
          stderr += said;
          const report = stdout === '' ? {} : { report: JSON.parse(stdout) as unknown };
          running.stdout.write(`${JSON.stringify({ exitCode, ...report })}\n`);
        },
        () => {
          running.end(1);
        },
      );
    });
    return { ...running, stdin };
  }

  #report(): ExecResult {
    return { ...ok, stdout: this.#read('load.json').toString() };
  }

  /** Ends what runs, as the stop command does, or the container's removal. */
  end(): void {
    for (const end of this.#running.splice(0)) end();
  }

  get #phase(): Call['phase'] {
    return this.state.phase;
  }

  #call(what: Call['what']): Call {
    const call = { node: this.shape.name, what, phase: this.#phase } as const;
    this.calls.push(`${call.node} ${what}`);
    return call;
  }

  #read(name: string): Buffer {
    return readFileSync(path.join(recorded, this.#phase, name));
  }
}

const programs: readonly (readonly [string, Call['what']])[] = [
  ['reset.sh mark', 'mark'],
  ['reset.sh', 'reset'],
  ['probe.sh', 'ready'],
  ['agent.cjs', 'drive'],
  ['@@ step', 'rules'],
  ['sampler.sh', 'sampler'],
  ['collect.sh', 'collect'],
  ['tcpdump', 'capture'],
  ['conntrack -F', 'event'],
];

/** What a command is for, by the program it runs; collecting ends the sampler too, so the later of the two is looked for first. */
function meaning(argv: readonly string[]): Call['what'] {
  const text = argv.join(' ');
  if (text.includes('collect.sh')) return 'collect';
  return programs.find(([program]) => text.includes(program))?.[1] ?? 'setup';
}

/** A command that has written `output` and goes on until `end` is called. */
export function command(
  output: Buffer | string,
  stderr: string | (() => string) = '',
): RunningCommand & { readonly stdout: PassThrough; readonly end: (code?: number) => void } {
  const stdout = new PassThrough();
  stdout.write(output);
  let ended!: (code: number) => void;
  const done = new Promise<number>((resolve) => (ended = resolve));
  const end = (code = 0): void => {
    stdout.end();
    ended(code);
  };
  return { stdout, stderr: typeof stderr === 'string' ? () => stderr : stderr, done, end };
}
