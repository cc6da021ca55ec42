import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/port/port.js';
import type { RunScenariosOptions } from '../../../src/run/schedule/runScenarios.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { runBelow, shipped, temporaryFolder, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

/** Each leaves other traces on the nodes: stuck sockets, conntrack entries, sysctls, a tunnel. */
const ids = ['pitfalls/policy-drop', 'sysctls/conntrack-dr', 'topology/tun'];

let engine: Engine;
let scenarios: readonly Scenario[];
beforeAll(async () => {
  engine = await sharedEngine();
  scenarios = await Promise.all(ids.map(shipped));
});

/** Scenario -> outcome and signal. */
async function outcomes(order: readonly Scenario[], options: Partial<RunScenariosOptions>) {
  const { results, events } = await runBelow(await temporaryFolder(), engine, order, options);
  const found = results.map((result) => {
    const { measured, reasons } = verdictOf(result);
    expect(reasons.join('\n')).not.toContain('unexplained');
    return [result.scenario, [measured?.outcome, measured?.signal]] as const;
  });
  return { found: Object.fromEntries(found), events };
}

describe('scenarios that share a lab', () => {
  it('come to the same outcomes in any order, and in labs of their own', async () => {
    const shared = await outcomes(scenarios, { lanes: 1 });
    const reversed = await outcomes([...scenarios].reverse(), { lanes: 1 });
    const isolated = await outcomes(scenarios, { isolate: true });
    expect(reversed.found).toEqual(shared.found);
    expect(isolated.found).toEqual(shared.found);
    const labs = (events: typeof shared.events) => events.filter(({ type }) => type === 'lab-ready').length;
    // All resets were looked at, and none of them was found wanting.
    expect(labs(shared.events)).toBe(1);
    expect(labs(isolated.events)).toBe(ids.length);
  });
});
