import { identity } from '../report/samples.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { steady } from '../../../src/support/patience.js';
import { PassThrough } from 'node:stream';
import type {
  Engine,
  ExecResult,
  KernelRequest,
  Lab,
  Node,
  RunningCommand,
  RuleStep,
} from '../../../src/engine/port/port.js';
import { PcapFile } from '../../../src/evidence/capture/pcap/pcapFile.js';
import type { LabShape, NodeShape } from '../../../src/scenario/model/planTypes.js';
import { LabError } from '../../../src/support/errors.js';
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
    'setup' | 'ready' | 'rules' | 'event' | 'flows' | 'drive' | 'collect' | 'sampler' | 'trace' | 'capture';
  /** Measured from the moment on at which rules are loaded. */
  readonly phase: 'control' | 'measured';
  /** The how-manieth lab of the engine it is, counted from 1. */
  readonly lab: number;
}

/** What a test makes different; undefined leaves it as recorded. */
export interface Script {
  /** Instead of what was recorded. */
  readonly exec?: (call: Call) => Promise<ExecResult> | undefined;
  readonly start?: (call: Call) => RunningCommand | undefined;
  /** Takes over what a sampler writes when it is to go, by returning what is to be done when it is to pause. */
  readonly sampling?: (call: Call, write: (output: Buffer | string) => void) => (() => void) | undefined;
  /** What a capture waits for before it listens. */
  readonly listening?: (call: Call) => Promise<void> | undefined;
  /** What a trace prints; nothing when left out. Undefined: the node cannot trace. */
  readonly tracing?: (call: Call) => string | undefined;
  /** What lab/probes/kernel.sh prints; left out or undefined: the engine's kernel is not the lab's. */
  readonly kernel?: (request: KernelRequest) => string | undefined;
  /** Instead of making a lab; undefined: it is made. */
  readonly createLab?: (lab: number) => Promise<never> | undefined;
  /** What making a lab waits for. */
  readonly making?: (lab: number) => Promise<void>;
  /** What a lab's networks are; those of its shape when left out. */
  readonly networks?: Lab['networks'];
  /** What the nodes of a lab know when it is made; nothing when left out. */
  readonly known?: (lab: number) => Lab['known'];
  /** Seconds in which each lab waited for what its shape begins with; 0 when left out. */
  readonly preparationSeconds?: number;
  /** The run's id in the names of all labs; left out: labs differ. */
  readonly sharedRunId?: string;
  /** Evidence that is kept with the state that labs begin with; none when left out. */
  readonly kept?: Lab['kept'];
  readonly dispose?: (lab: number) => Promise<void>;
  /** What the client's load agent prints and ends with, instead of what was recorded. */
  readonly drive?: (call: Call) => Promise<ExecResult> | undefined;
  /** Rejects when a lab is lost; no lab is when left out. */
  readonly lost?: (lab: number) => Promise<never> | undefined;
  /** What the lab's kernel has to say of an error; nothing when left out. */
  readonly withComplaint?: Lab['withComplaint'];
  /** What trying rules out prints; nothing when left out: all are taken. */
  readonly tryRules?: (steps: readonly RuleStep[]) => Promise<ExecResult>;
  /** What the engine's own packet filter is; none when left out. */
  readonly hostRules?: string;
}

/** An engine whose nodes say what those of a recorded run said. `calls` is what they were asked, in order. */
export function fakeEngine(script: Script = {}) {
  const calls: string[] = [];
  let labs = 0;
  const engine: Engine = {
    identity: { ...identity, id: 'recorded', kernel: '6.1.0-56-amd64' },
    sharedRunId: script.sharedRunId,
    room: 1,
    usedSubnets: () => Promise.resolve([]),
    tryRules: (_runId, steps) => script.tryRules?.(steps) ?? Promise.resolve(ok),
    createLab: async (shape) => {
      calls.push('lab created');
      const lab = (labs += 1);
      await script.making?.(lab);
      return script.createLab?.(lab) ?? recordedLab(shape, script, calls, lab);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { engine, calls };
}

function recordedLab(shape: LabShape, script: Script, calls: string[], lab: number): Lab {
  const state: Shared = { phase: 'control', lab };
  const nodes = shape.nodes.map((node) => new RecordedNode(node, script, calls, state));
  const lost = script.lost?.(lab) ?? new Promise<never>(() => undefined);
  // Whoever is interested asks later.
  lost.catch(() => undefined);
  return {
    shape,
    nodes,
    connection: { kind: 'socket', socketPath: '/nowhere' },
    known: script.known?.(lab) ?? {},
    preparationSeconds: script.preparationSeconds ?? 0,
    kept: script.kept,
    networks: () =>
      script.networks?.() ??
      Promise.resolve(shape.networks.map(({ subnet, gateway }) => ({ subnet, gateway }))),
    versions: () => Promise.resolve({ components: { Engine: '26.1.5' }, images: {} }),
    hostRules: () => Promise.resolve(script.hostRules ?? ''),
    followKernel: (request) => {
      const output = script.kernel?.(request);
      if (output === undefined)
        return Promise.reject(new LabError('the recorded kernel cannot be looked into.'));
      return Promise.resolve(traceOf(output));
    },
    withComplaint: (error) => script.withComplaint?.(error) ?? error,
    lost,
    [Symbol.asyncDispose]: async () => {
      for (const node of nodes) node.end();
      calls.push('lab removed');
      await script.dispose?.(lab);
    },
  };
}

/** What `versions.sh` says of a node. */
export const versions = [
  '## kernel',
  '6.1.0-56-amd64',
  '#1 SMP Debian 6.1.180-1',
  '## packages',
  'iptables 1.8.9-2',
  '## iptables',
  'iptables v1.8.9 (nf_tables)',
  '## sysctls',
  '/proc/sys/net/ipv4/tcp_fin_timeout:60',
  '## end',
  '',
].join('\n');

/** Which of the recorded phases a lab's nodes are in: loading rules is what comes between them. */
interface Shared {
  phase: Call['phase'];
  readonly lab: number;
}

class RecordedNode implements Node {
  readonly macs: readonly string[];
  readonly #running: (() => void)[] = [];
  #count: (() => void) | undefined;
  #captured: Buffer = Buffer.alloc(0);

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

  readonly pace = steady;

  get role() {
    return this.shape.role;
  }

  versions(): Promise<ExecResult> {
    return Promise.resolve({ ...ok, stdout: versions });
  }

  async exec(argv: readonly string[]): Promise<ExecResult> {
    const what = meaning(argv);
    if (what === 'count') {
      this.#count?.();
      return ok;
    }
    if (what === 'fetch') return { ...ok, stdout: this.#captured.toString('base64') };
    const call = this.#call(what);
    const other = this.script.exec?.(call);
    if (what === 'rules') this.state.phase = 'measured';
    if (other !== undefined) return other;
    if (what === 'collect') return { ...ok, stdout: this.#read(`${this.shape.name}.final`).toString() };
    return ok;
  }

  start(argv: readonly string[]): Promise<RunningCommand> {
    const what = meaning(argv);
    if (what === 'count' || what === 'fetch') throw new RangeError(`nobody starts ${what}`);
    if (what === 'drive') return Promise.resolve(this.#agent());
    const call = this.#call(what);
    const other = this.script.start?.(call);
    if (other !== undefined) return Promise.resolve(other);
    const running =
      what === 'sampler' ? this.#sampler() : what === 'trace' ? this.#trace(call) : this.#capture();
    this.#running.push(running.end);
    return Promise.resolve(running);
  }

  /** The sampler tells what was recorded of the phase each time it is to go. */
  #sampler() {
    const running = command('');
    const stdin = new PassThrough();
    let pause: (() => void) | undefined;
    stdin.on('data', (line: Buffer) => {
      const write = (output: Buffer | string): void => void running.stdout.write(output);
      if (line.toString() === 'go\n') {
        pause = this.script.sampling?.(this.#asked('sampler'), write);
        if (pause === undefined) write(this.#read(`${this.shape.name}.samples`));
      } else {
        pause?.();
        write('@@ paused\n');
      }
    });
    return { ...running, stdin };
  }

  #trace(call: Call) {
    return traceOf(this.script.tracing === undefined ? '' : this.script.tracing(call));
  }

  /** The capture has the phase's packets when its counts are asked for at the end of it, as they were when it began. */
  #capture() {
    let stderr = '@@ pid 7\n';
    const listening = this.script.listening?.(this.#asked('capture')) ?? Promise.resolve();
    void listening.then(() => (stderr += 'tcpdump: listening on eth0, link-type EN10MB (Ethernet)\n'));
    let asked = 0;
    this.#captured = this.#read(`${this.shape.name}.pcap`).subarray(0, 24);
    this.#count = () => {
      asked += 1;
      if (asked % 2 === 0) {
        const file = this.#read(`${this.shape.name}.pcap`);
        this.#captured = Buffer.concat([this.#captured, file.subarray(24)]);
      }
      const captured = new PcapFile(this.#captured).records.length;
      stderr += `tcpdump: ${captured} packets captured, ${captured} packets received by filter, 0 packets dropped by kernel\n`;
    };
    return command('', () => stderr);
  }

  /** The agent waits for loads; what it answers may be the test's. */
  #agent(): RunningCommand {
    let stderr = '';
    const running = command('', () => stderr);
    const stdin = new PassThrough();
    stdin.on('data', () => {
      const call = this.#call('drive');
      stderr += `@@ connected ${String(this.#loadOver())}\n`;
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

  /** By the clock of the recorded nodes, which the recorded samples tell too. */
  #loadOver(): number {
    return (JSON.parse(this.#read('load.json').toString()) as { readonly finishedAt: number }).finishedAt;
  }

  #report(): ExecResult {
    return { ...ok, stdout: this.#read('load.json').toString() };
  }

  /** Ends what runs, as the container's removal does. */
  end(): void {
    for (const end of this.#running.splice(0)) end();
  }

  get #phase(): Call['phase'] {
    return this.state.phase;
  }

  #call(what: Call['what']): Call {
    const call = this.#asked(what);
    this.calls.push(`${call.node} ${what}`);
    return call;
  }

  #asked(what: Call['what']): Call {
    return { node: this.shape.name, what, phase: this.#phase, lab: this.state.lab };
  }

  #read(name: string): Buffer {
    return readFileSync(path.join(recorded, this.#phase, name));
  }
}

/** A trace prints all at once, and ends when it is told to; one that prints undefined cannot begin. */
function traceOf(output: string | undefined) {
  const running = command(output ?? '', output === undefined ? 'no nft' : '@@ tracing\n');
  const stdin = new PassThrough();
  if (output === undefined) running.end(1);
  else
    stdin.on('data', () => {
      running.end();
    });
  return { ...running, stdin };
}

/** What is not among the calls, being beside the run's own business. */
type Meaning = Call['what'] | 'count' | 'fetch';

const programs: readonly (readonly [string, Meaning])[] = [
  // It is handed over as a text, in which the others may be.
  ['explain.sh', 'trace'],
  ['probe.sh', 'ready'],
  ['agent.cjs', 'drive'],
  ['load.cjs', 'flows'],
  ['load-rules.sh', 'rules'],
  ['sampler.sh', 'sampler'],
  ['trace.sh', 'trace'],
  ['collect.sh', 'collect'],
  ['tcpdump', 'capture'],
  ['conntrack -F', 'event'],
  ['kill -USR1', 'count'],
  ['base64', 'fetch'],
];

/** What a command is for, by the program it runs. */
function meaning(argv: readonly string[]): Meaning {
  const text = argv.join(' ');
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
