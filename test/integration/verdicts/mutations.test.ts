import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { runBelow, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

/** One of each kind: rules, sysctls, behaviour, event, family, forwarding. `lvs-lab run --mutate` does it for all of them. */
const sample = [
  'close/server-first',
  'close/server-first-fixed',
  'cures/notrack-untracked',
  'cures/applied-live',
  'pitfalls/policy-drop',
  'sysctls/conntrack-dr',
  'topology/ipv6',
  'topology/nat',
  'report2007/flush-while-idle',
  'shipped/ufw',
];

describe('a scenario with something changed on purpose', () => {
  const results = new Map<string, ScenarioResult>();
  let directory: string;

  beforeAll(async () => {
    const mutated = await Promise.all(sample.map(async (id) => mutationOf(await shipped(id))));
    directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
    const run = await runBelow(directory, await sharedEngine(), mutated);
    for (const result of run.results) results.set(result.scenario, result);
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each(sample)('%s fails', (id) => {
    const result = results.get(id);
    if (result === undefined) throw new Error(`${id} was never run`);
    expect(verdictOf(result)).toMatchObject({ result: 'fail', control: { outcome: 'healthy' } });
  });
});

function mutationOf({ id, mutation }: Scenario): Scenario {
  if (mutation === undefined) throw new Error(`${id} has no mutation`);
  return { ...mutation.scenario, mutation: undefined };
}
