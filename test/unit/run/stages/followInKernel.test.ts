import { describe, expect, it } from 'vitest';
import { loadsRules } from '../../../../src/run/stages/followInKernel.js';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import { shapeOf } from '../../scenario/planning.js';

const scenarios = new Map((await listScenarios()).map((scenario) => [scenario.id, scenario]));

describe('packets are followed in the kernel', () => {
  it.each([
    ['close/client-reset', true],
    ['shipped/nftables-wiki', true],
    ['topology/ipv6', true],
    ['cures/rules-inserted-live', true],
    ['report2007/realserver', true],
    ['failure/table-emptied', false],
    ['sysctls/expire-nodest-off', false],
    ['services/sh-weight0', false],
    ['paths/rp-filter-tunnel', false],
  ])('where anything loads rules: of %s it is %s', (id, loads) => {
    const scenario = scenarios.get(id)!;
    expect(loadsRules(makePlan(scenario, 'r1', shapeOf(scenario)))).toBe(loads);
  });
});
