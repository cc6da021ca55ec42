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

describe('scenarios of one shape', () => {
  it('come to the same outcomes in any order, one after the other or all at once, with control runs of their own or kept ones', async () => {
    const first = await outcomes(scenarios, { lanes: 1, freshControl: true });
    const reversed = await outcomes([...scenarios].reverse(), { lanes: 1 });
    const atOnce = await outcomes(scenarios, { lanes: ids.length });
    expect(reversed.found).toEqual(first.found);
    expect(atOnce.found).toEqual(first.found);
    // Each has an outcome of its own, or nothing would be shown.
    expect(new Set(Object.values(first.found).map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
    const kept = ({ events }: typeof first): number =>
      events.filter(({ type }) => type === 'control-kept').length;
    expect([kept(first), kept(reversed), kept(atOnce)]).toEqual([0, ids.length, ids.length]);
  });
});
