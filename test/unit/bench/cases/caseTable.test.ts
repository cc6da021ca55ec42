import { describe, expect, it } from 'vitest';
import { caseTable, labBesideScript } from '../../../../bench/cases/caseTable.js';

const outcome = { case: 'a@nft', control: 'healthy', outcome: 'healthy', signal: 'silence' };
const turns = [
  { script: { seconds: 80, cpuSeconds: 90, controlSeconds: 20 }, lab: { seconds: 24, cpuSeconds: 45 } },
  { script: { seconds: 84, cpuSeconds: 90, controlSeconds: 22 }, lab: { seconds: 200, cpuSeconds: 45 } },
  { script: { seconds: 82, cpuSeconds: 90, controlSeconds: 22 }, lab: { seconds: 20.5, cpuSeconds: 45 } },
];
const result = (atOnce: number) => ({ outcomes: [outcome, outcome], turns, work: { atOnce } });

describe('caseTable', () => {
  it('has the medians of both sides for one case', () => {
    expect(caseTable(result(1)).split('\n')).toEqual([
      '| a case, median of 3 (least to most) | by the clock | of processors |',
      '| --- | --- | --- |',
      '| plain script | 41.0 s (40.0 s to 42.0 s) | 45.0 s (45.0 s to 45.0 s) |',
      '| plain script, without its control runs | 30.0 s (30.0 s to 31.0 s) |  |',
      '| lab | 12.0 s (10.3 s to 1 min 40 s) | 22.5 s (22.5 s to 22.5 s) |',
      '| lab : plain script | 0.29 | 0.50 |',
    ]);
  });

  it('says nothing of control runs that ran beside others', () => {
    expect(caseTable(result(2))).not.toContain('control');
  });
});

describe('labBesideScript', () => {
  it('are of medians, so that one slow turn decides nothing', () => {
    expect(labBesideScript(turns)).toEqual({ seconds: 24 / 82, cpuSeconds: 0.5 });
  });
});
