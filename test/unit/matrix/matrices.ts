import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readResults } from '../../../src/cli/results/resultsFile.js';
import { runChild } from '../../../src/matrix/run/child.js';
import { runAttempt, type AttemptTools } from '../../../src/matrix/run/runAttempt.js';
import { runMatrix, type MatrixEnd, type MatrixRequest } from '../../../src/matrix/run/runMatrix.js';
import type { Share } from '../../../src/matrix/targets/shard.js';
import type { Target } from '../../../src/matrix/targets/target.js';
import type { LabEvent } from '../../../src/run/model/labEvents.js';
import type { Job } from '../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { passed } from '../report/samples.js';
import { plainScenario } from '../report/scenarios.js';

/** What becomes of jobs in the fake child; those not named pass. */
export type Fates = Readonly<
  Record<string, 'passes' | 'loses its VM' | 'is killed' | 'crashes' | 'waits' | 'does not listen'>
>;

export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'lvs-lab-matrix-'));
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

export function target(name: string): Target {
  return { kernel: name, image: undefined, name };
}

export function job(name: string, parts: Partial<Job['scenario']> = {}): Job {
  return { scenario: { ...plainScenario, id: name, ...parts }, repeat: 1, iptables: undefined, name };
}

export function share(name: string, ...jobs: readonly string[]): Share<Job> {
  return { target: target(name), jobs: jobs.map((one) => job(one)) };
}

/** `job: pass`, `job: broke: message`, in order; of several targets with the target's name before it. */
export function told(results: readonly ScenarioResult[]): readonly string[] {
  return results.map(
    ({ job, verdict, error }) => `${job}: ${verdict?.result ?? `broke: ${error?.message ?? ''}`}`,
  );
}

interface Ran {
  readonly end: MatrixEnd;
  readonly events: readonly LabEvent[];
  readonly out: string;
  /** `target: jobs` of each child that was started, in order. */
  readonly started: readonly string[];
}

/** Runs a matrix whose children are `fakeChild.mjs`. `boot` by target: `fails`. */
export async function ran(
  shares: readonly Share<Job>[],
  fates: Fates = {},
  options: Partial<MatrixRequest> & {
    readonly boot?: Readonly<Record<string, string>>;
    readonly graceSeconds?: number;
    readonly seen?: (event: LabEvent) => void;
  } = {},
): Promise<Ran> {
  const { boot = {}, graceSeconds = 60, seen, ...rest } = options;
  const out = folder();
  const events: LabEvent[] = [];
  const started: string[] = [];
  const signal = options.signal ?? new AbortController().signal;
  const emit = (event: LabEvent): void => {
    events.push(event);
    seen?.(event);
  };
  const file = fileURLToPath(new URL('fakeChild.mjs', import.meta.url));
  const end = await runMatrix({
    ...{ runId: 'r', shares, out, atOnce: 1, stopAtFirst: false, attemptsBefore: () => 0, emit, signal },
    makeAttempt: (attempt) => {
      started.push(`${path.basename(attempt.directory)}: ${attempt.jobs.map(({ name }) => name).join(' ')}`);
      const env = {
        ...process.env,
        FAKE_FATES: JSON.stringify(fates),
        FAKE_VERDICT: JSON.stringify(passed),
        FAKE_BOOT: boot[attempt.target.name],
      };
      const tools: AttemptTools = {
        runChild: (request) => runChild({ file, cwd: out, env, graceSeconds }, request),
        argvOf: ({ directory, jobsFile }) => ['run', '--jobs', jobsFile, '--out', directory],
        readResults,
        readProvenance: () => Promise.resolve(undefined),
        emit,
        signal,
      };
      return runAttempt(attempt, tools);
    },
    ...rest,
  });
  return { end, events, out, started };
}

/** What a file below a folder holds; undefined where it is not there. */
export function textOf(...parts: readonly string[]): string | undefined {
  const file = path.join(...parts);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
