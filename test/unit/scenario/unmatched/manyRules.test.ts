import { describe, expect, it } from 'vitest';
import { makeShape } from '../../../../src/scenario/plan/shape.js';
import { minimal, scenarioOf } from '../scenarioFile.js';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import { section } from './found.js';

const count = 50_000;
const address = (number: number): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
const numbers = Array.from({ length: count }, (_, number) => number);
const rules = (policy: string, ofEach: (number: number) => string) =>
  section(
    'director',
    'rules',
    [
      `*filter\n:INPUT ${policy} [0:0]\n:LIST - [0:0]\n-A INPUT -j LIST`,
      ...numbers.map(ofEach),
      'COMMIT',
    ].join('\n'),
  );

/** Reads a file and plans its run; `seconds` of processor time, which others on the machine do not change. */
async function planned(lines: string) {
  const before = process.cpuUsage();
  const scenario = await scenarioOf(minimal + lines);
  const shape = makeShape(scenario, {
    runId: 'r',
    lab: 1,
    subnets: { lan: '198.18.7.0/24', front: undefined },
  });
  const plan = makePlan(scenario, 'r', shape);
  const { user, system } = process.cpuUsage(before);
  return { scenario, plan, seconds: (user + system) / 1e6 };
}

// It took 25 s of a processor when each rule was held against all behind it.
describe.each([
  ['a block list', (n: number) => `-A LIST -s ${address(n)}/32 -j DROP`, 0, count],
  ['a list of who may come', (n: number) => `-A LIST -s ${address(n)} -j ACCEPT`, count, count],
  [
    'one interface that is not there',
    (n: number) => `-A LIST -i bond0 -s ${address(n)} -j RETURN`,
    0,
    count + 1,
  ],
])('fifty thousand rules: %s', (_what, ofEach, counting, found) => {
  it('are read, looked through and planned in seconds', { timeout: 60_000 }, async () => {
    const { scenario, plan, seconds } = await planned(rules('DROP', ofEach));
    expect(scenario.unmatched).toHaveLength(found);
    expect(scenario.unmatched.filter(({ counts }) => counts)).toHaveLength(counting);
    expect(plan.unmatched).toHaveLength(counting);
    expect(plan.nodes.find(({ name }) => name === 'director')?.rules?.texts['rules']).toContain(
      address(count - 1),
    );
    expect(seconds).toBeLessThan(12);
  });
});
