import { describe, expect, it } from 'vitest';
import { agentArgv, announced, hasWholeLine } from '../../../../../src/scenario/plan/commands/standing.js';
import { makePlan } from '../../../../../src/scenario/plan/makePlan.js';
import { listScenarios } from '../../../../../src/scenario/library/library.js';
import type { LabShape, NodePlan } from '../../../../../src/scenario/model/planTypes.js';
import { shapeOf } from '../../planning.js';

const scenarios = await listScenarios();
const withFlows = scenarios.filter(({ flows }) => flows !== undefined);
const others = scenarios.filter((scenario) => !withFlows.includes(scenario));

/** What each phase of a run starts in a node, as it starts it. */
const recordings = ({ sampler, capture }: NodePlan): string[] =>
  [sampler.argv, ...(capture === undefined ? [] : [announced(capture.argv)])].map((argv) => argv.join(' '));

const standingIn = ({ nodes }: LabShape, name: string): string[] =>
  (nodes.find((node) => node.name === name)?.standing ?? []).map(({ argv }) => argv.join(' '));

describe('the commands that are started with a lab', () => {
  it('are those that every run of the library wants, word for word, and no other', () => {
    expect(others.length).toBeGreaterThan(50);
    for (const scenario of others) {
      const shape = shapeOf(scenario);
      for (const node of makePlan(scenario, 'r1', shape).nodes) {
        const agent = node.role === 'client' ? [agentArgv.join(' ')] : [];
        expect(standingIn(shape, node.name), `${scenario.id}, ${node.name}`).toEqual([
          ...agent,
          ...recordings(node),
        ]);
      }
    }
  });

  it('are the load agent alone beside raw-socket flows, where what is recorded depends on the scenario', () => {
    expect(withFlows.length).toBeGreaterThan(3);
    for (const scenario of withFlows) {
      const shape = shapeOf(scenario);
      const nodes = shape.nodes.map(({ name }) => [name, standingIn(shape, name)]);
      expect(Object.fromEntries(nodes)).toEqual(
        Object.fromEntries(
          shape.nodes.map(({ name, role }) => [name, role === 'client' ? [agentArgv.join(' ')] : []]),
        ),
      );
    }
  });

  it('say on standard error when they wait', () => {
    const [scenario] = others;
    const standing = shapeOf(scenario!).nodes.flatMap((node) => node.standing);
    for (const { argv, ready } of standing)
      expect([argv[0], ready]).toEqual([argv[0], argv.includes('tcpdump') ? 'listening on' : '@@ waiting']);
  });
});

it.each([
  ['tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 192 bytes\n', true],
  ['@@ pid 7\ntcpdump: listening on eth0, link-type EN10MB (Ethernet)', false],
  ['@@ pid 7\n', false],
  ['', false],
])('%j has the whole line: %j', (text, expected) => {
  expect(hasWholeLine(text, 'listening on')).toBe(expected);
});
