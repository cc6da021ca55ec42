import { describe, expect, it } from 'vitest';
import { symptoms } from '../../../../src/report/pages/symptoms.js';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { plainScenario } from '../scenarios.js';

const seenIn = (scenario: typeof plainScenario): readonly string[] =>
  symptoms.filter(({ isSeenIn }) => isSeenIn(scenario)).map(({ seen }) => seen);

describe('the index by symptom', () => {
  it('has every scenario of the library that is not healthy, and none that is', async () => {
    for (const scenario of await listScenarios()) {
      const { outcome, later, flows } = scenario.expect;
      const isHealthy =
        ['healthy', 'answered'].includes(outcome) &&
        [later, flows].every((part) => (part?.outcome ?? 'healthy') === 'healthy');
      const slow = scenario.expect.connect?.atLeast !== undefined;
      expect(seenIn(scenario).length > 0, scenario.id).toBe(!isHealthy || slow);
    }
  });

  it('has a scenario for every symptom', async () => {
    const all = await listScenarios();
    const empty = symptoms.filter(({ isSeenIn }) => !all.some(isSeenIn)).map(({ seen }) => seen);
    expect(empty).toEqual([]);
  });

  it('goes by what is expected, not by what it is called', () => {
    const broken = { ...plainScenario, expect: { outcome: 'transfer-blocked' as const } };
    expect(seenIn({ ...plainScenario, expect: { outcome: 'healthy' } })).toEqual([]);
    expect(seenIn(broken).join()).toContain('hangs');
    const reset = { ...broken.expect, signal: { kind: 'tcp-reset' as const, from: 'director' as const } };
    expect(seenIn({ ...broken, expect: reset }).join()).toBe('Connections are reset');
    const unanswered = { ...broken, expect: { outcome: 'unanswered' as const } };
    expect(seenIn(unanswered).join()).toContain('are not answered');
    expect(seenIn({ ...unanswered, expect: { outcome: 'answered' } })).toEqual([]);
    const after = { ...broken, load: { ...broken.load, idle: 5 } };
    expect(seenIn(after)).toContain('It goes wrong after a silence');
    const thinking = { ...broken, load: { ...broken.load, think: 5 } };
    expect(seenIn(thinking)).toContain('It goes wrong after a silence');
    const behindUpload = { ...after, load: { ...after.load, reply: false as const } };
    expect(seenIn(behindUpload)).not.toContain('It goes wrong after a silence');
  });
});
