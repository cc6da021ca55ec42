import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { packageRoot } from '../../support/packageRoot.js';
import type { ExecResult, RuleStep } from '../port/port.js';
import { runOneShot } from './oneShotContainer.js';

/** Lists the packet filter of the engine's own network namespace. `image` is a director's. */
export async function hostRules(docker: Docker, image: string, runId: string): Promise<string> {
  const result = await runOneShot(docker, {
    runId,
    purpose: 'host-rules',
    image,
    network: 'host',
    argv: ['nft', 'list', 'ruleset'],
  });
  if (result.exitCode === 0) return result.stdout;
  throw new LabError("could not list the packet filter of the engine's own network namespace", {
    details: `${result.stdout}${result.stderr}`.trim(),
  });
}

/** Rules to try out: for which run, step by step, and how long that may take. */
export interface RuleTrial {
  readonly runId: string;
  readonly steps: readonly RuleStep[];
  readonly seconds: number;
  readonly pace?: Pace | undefined;
}

/** Runs try-rules.sh in a container without a network. `image` is a director's. */
export async function tryRules(
  docker: Docker,
  image: string,
  { runId, steps, seconds, pace }: RuleTrial,
): Promise<ExecResult> {
  const script = await readFile(path.join(packageRoot, 'lab', 'node', 'try-rules.sh'), 'utf8');
  return runOneShot(docker, {
    runId,
    purpose: 'try-rules',
    image,
    network: 'none',
    argv: ['bash', '-c', script, 'try-rules.sh', String(steps.length)],
    input: steps.map(({ kind, text }) => `${kind}\0${text}\0`).join(''),
    seconds,
    pace,
  });
}
