import { expect } from 'vitest';
import { connectionsInAll } from '../../../src/contracts/agents/load.js';
import { isHealthy } from '../../../src/contracts/words/outcomes.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import type { Verdict } from '../../../src/verdict/model/verdict.js';
import { notFollowed } from '../../unit/verdict/followed.js';

const quickStorms = ['load/mixed', 'load/rst-storm', 'load/story-with-retransmissions'];

/**
 * Whether a scenario is one of the storms of flows that the integration tests leave to `npm run stress`: ten take as long as everything else under
 * emulation. The three that they run are of each kind: all stuck, all reset, and mixed.
 */
export const isLongStorm = ({ id }: Scenario): boolean => id.startsWith('load/') && !quickStorms.includes(id);

/**
 * Holds a verdict against its scenario: what the file expects came out, and every connection was seen on the wire to do what the file asks for.
 */
export function expectAsItsFileSays(scenario: Scenario, verdict: Verdict): void {
  expect(verdict.reasons.join('\n')).not.toContain('unexplained');
  expect(verdict.result).toBe('pass');
  expect(isHealthy(verdict.control?.outcome)).toBe(true);
  expect(verdict.measured?.numbers.connections).toBe(connectionsInAll(scenario.load));
  expect(notFollowed(verdict)).toEqual([]);
}
