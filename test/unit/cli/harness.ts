import type { Command } from '@commander-js/extra-typings';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll } from 'vitest';
import type { Io } from '../../../src/cli/frame/io.js';
import { PossibleLeftovers } from '../../../src/cli/frame/possibleLeftovers.js';
import { makeContext } from '../../../src/cli/frame/context.js';
import { makeProgram } from '../../../src/cli/program.js';
import { runCli } from '../../../src/cli/runCli.js';
import type { ImageServices, KernelServices, Services } from '../../../src/cli/frame/services.js';
import type { Requirement } from '../../../src/engine/host/diagnose.js';
import type { KernelInfo } from '../../../src/engine/kernel/kernels.js';
import type { Engine } from '../../../src/engine/port/port.js';
import type { PlannedLab } from '../../../src/run/lab/plannedLab.js';
import type { Job } from '../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { LabError } from '../../../src/support/errors.js';
import type { Verdict } from '../../../src/verdict/model/verdict.js';
import { identity, passed } from '../report/samples.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder that is removed after the test file. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'lvs-lab-cli-'));
  folders.push(made);
  return made;
}

/** What a fake lab was asked to do, in order. */
export type Calls = string[];

/** Services that write down what they were asked and do as told; a test overrides those it is about. */
export function fakeServices(overrides: Partial<Services> = {}, calls: Calls = []): Services {
  const engine = {
    identity,
    lost: new Promise(() => undefined),
    [Symbol.asyncDispose]: () => {
      calls.push('engine closed');
      return Promise.resolve();
    },
  } as unknown as Engine;
  const healthy: Requirement = { name: 'qemu', state: 'ok', detail: '7.2', fix: undefined };
  return {
    version: '9.9.9',
    openEngine: (request) => {
      calls.push(`open ${request.engine} ${request.kernel ?? 'default'} ${request.accel} ${request.image}`);
      return Promise.resolve(engine);
    },
    runScenarios: ({ jobs, out, expect }) => {
      calls.push(
        `run ${jobs.map(({ name }) => name).join(' ')}${expect === undefined ? '' : ` expecting ${expect}`}`,
      );
      return Promise.resolve(jobs.map((job) => result({ directory: join(out, job.name) }, job)));
    },
    readyLabs: () =>
      Promise.resolve({
        make: () => Promise.reject(new Error('not expected in this test')),
        prepare: ({ id }) => {
          calls.push(`prepare ${id}`);
        },
        [Symbol.asyncDispose]: () => {
          calls.push('ready labs removed');
          return Promise.resolve();
        },
      }),
    bringUpLab: ({ scenario, runId }) => {
      calls.push(`raise ${scenario.id}`);
      return Promise.resolve(lab(scenario.id, runId, calls));
    },
    holdSession: ({ findable }) => {
      calls.push('hold');
      findable();
      return Promise.resolve();
    },
    openShell: ({ node, argv, runId }) => {
      calls.push(`shell ${runId ?? '-'} ${node} ${argv.join(' ')}`);
      return Promise.resolve(7);
    },
    stopSession: (runId) => Promise.resolve({ scenario: 'close/server-first', runId: runId ?? 'only' }),
    diagnose: () => Promise.resolve([healthy]),
    installMissing: () => Promise.resolve(),
    sweepLeftovers: () => Promise.resolve([]),
    sweepCache: () => Promise.resolve([]),
    kernels: fakeKernels({}, calls),
    images: fakeImages({}, calls),
    tools: {
      add: (name) => Promise.reject(new Error(`not expected in this test: ${name ?? ''}`)),
      list: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
    },
    times: { read: () => Promise.resolve({ schema: 2, engines: [] }), add: () => Promise.resolve() },
    runChild: () => {
      throw new Error('not expected in this test');
    },
    openInBrowser: (file) => {
      calls.push(`open page ${file}`);
      return Promise.resolve();
    },
    startDetached: () => {
      throw new Error('not expected in this test');
    },
    ...overrides,
  };
}

/** A kernel as the store knows it. */
export const someKernel: KernelInfo = {
  name: 'patched',
  from: './linux',
  release: '6.1.0-lab',
  version: '6.1.0-lab (me@here) #1 SMP',
  buildId: 'abc123',
  config: undefined,
  replaced: [],
  addedAt: '2026-01-02T03:04:05.000Z',
  directory: '/kernels/patched',
  unmet: [],
};

/** A store of kernels that writes down what it was asked and has one. */
export function fakeKernels(overrides: Partial<KernelServices> = {}, calls: Calls = []): KernelServices {
  return {
    add: (request) => {
      calls.push(`add ${JSON.stringify(request)}`);
      return Promise.resolve({ ...someKernel, name: request.name });
    },
    list: () => Promise.resolve([someKernel]),
    info: (reference) => {
      calls.push(`info ${reference}`);
      return Promise.resolve(someKernel);
    },
    remove: (name) => {
      calls.push(`remove ${name}`);
      return Promise.resolve();
    },
    ...overrides,
  };
}

/** Images that are written down when they are asked for. */
export function fakeImages(overrides: Partial<ImageServices> = {}, calls: Calls = []): ImageServices {
  return {
    list: () => Promise.resolve([]),
    save: (image, file) => {
      calls.push(`save ${image} ${file}`);
      return Promise.resolve();
    },
    load: (file) => {
      calls.push(`load ${file}`);
      return Promise.resolve({ image: 'debian:trixie' });
    },
    ...overrides,
  };
}

/** A job's result that passed, or with the given parts. */
export function result(parts: Partial<ScenarioResult> = {}, job?: Job): ScenarioResult {
  return {
    scenario: job?.scenario.id ?? passed.scenario,
    job: job?.name ?? passed.scenario,
    repeat: job?.repeat ?? 1,
    directory: '/runs/x',
    seconds: 1,
    verdict: passed,
    ...parts,
  } as ScenarioResult;
}

/** Services whose runs give each job the verdict that `verdictOf` says; undefined: the lab broke in it. */
export function judging(verdictOf: (job: Job) => Verdict | undefined): Services {
  return fakeServices({
    runScenarios: ({ jobs }) =>
      Promise.resolve(
        jobs.map((job) => {
          const verdict = verdictOf(job);
          return result(verdict === undefined ? { error: new LabError('gone'), verdict } : { verdict }, job);
        }),
      ),
  });
}

/** Writes scenario files into a folder; gives their paths. `mutation`: what it changes; none for null. `more`: lines of YAML. */
export function scenarioFiles(
  directory: string,
  scenarios: readonly {
    readonly id: string;
    readonly tags?: string;
    readonly mutation?: string | null;
    readonly more?: readonly string[];
  }[],
): string[] {
  return scenarios.map(({ id, tags = 'some', mutation = 'nothing listens', more = [] }) => {
    const file = join(directory, `${id.replace('/', '-')}.yaml`);
    const lines = [
      `id: ${id}`,
      `title: About ${id}`,
      'story: Something happens.',
      'why: For a reason.',
      `tags: [${tags}]`,
      'load: { close: { first: server } }',
      'expect: { outcome: healthy }',
      ...(mutation === null ? [] : [`mutation: { what: ${mutation}, load: { connections: 3 } }`]),
      ...more,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  });
}

function lab(scenario: string, runId: string, calls: Calls): PlannedLab {
  return {
    plan: { scenario, runId, nodes: [{ name: 'client' }, { name: 'director' }] },
    lab: {
      [Symbol.asyncDispose]: () => {
        calls.push('lab removed');
        return Promise.resolve();
      },
    },
    nodes: [],
  } as unknown as PlannedLab;
}

/** The program's own declaration, with nothing behind its commands. */
export function declaration(): Command {
  const nowhere = () => new PassThrough().resume();
  const io: Io = {
    stdout: nowhere(),
    stderr: nowhere(),
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    left: new PossibleLeftovers(),
    toParent: undefined,
  };
  return makeProgram(makeContext(io, fakeServices()), () => () => Promise.resolve());
}

/** Runs the command line in this process, in a folder of its own. */
export async function lvsLab(
  argv: readonly string[],
  services: Services = fakeServices(),
  io: Partial<Io> = {},
) {
  const out = collect();
  const err = collect();
  const cwd = io.cwd ?? folder();
  const world: Io = {
    stdout: out.stream,
    stderr: err.stream,
    env: {},
    cwd,
    signal: new AbortController().signal,
    left: new PossibleLeftovers(),
    toParent: undefined,
    ...io,
  };
  const code = await runCli(argv, world, services);
  return { code, out: out.text(), err: err.text(), cwd };
}

function collect() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stream, text: () => text + ((stream.read() as Buffer | null)?.toString() ?? '') };
}

/** A stand-in for the process that `up` starts. */
export class FakeChild extends EventEmitter {
  connected = true;
  readonly killed: string[] = [];
  unreferenced = false;

  kill(signal: string): boolean {
    this.killed.push(signal);
    return true;
  }

  disconnect(): void {
    this.connected = false;
  }

  unref(): void {
    this.unreferenced = true;
  }
}
