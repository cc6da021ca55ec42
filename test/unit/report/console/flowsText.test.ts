import { describe, expect, it } from 'vitest';
import { flowsText } from '../../../../src/report/console/flowsText.js';
import { noPaint } from '../../../../src/report/text/colour.js';
import type { FlowNumbers } from '../../../../src/verdict/model/verdict.js';
import { blockedFlows } from '../samples.js';

const none = Object.fromEntries(Object.keys(blockedFlows.fates).map((fate) => [fate, 0]));
const ofDatagrams = {
  ...blockedFlows,
  opened: 4000,
  fates: { ...none, answered: 3950, unanswered: 49, unfinished: 1 } as FlowNumbers['fates'],
  unexplained: 3,
  answeredStale: 0,
  outcome: 'unanswered',
} satisfies FlowNumbers;

const textOf = (flows: FlowNumbers) => flowsText(flows, noPaint).join('\n');

describe('the account of flows', () => {
  it('has the words of TCP', () => {
    const text = textOf(blockedFlows);
    expect(text).toContain(
      '40000 opened = 90 closed + 39889 stuck + 4 reset + 3 refused + 2 held + 12 unexplained',
    );
    expect(text).toMatch(/closing segments of flows.*/);
    expect(text).toContain('42000 FIN');
  });

  it('has those of UDP alone where flows are of UDP', () => {
    const text = textOf(ofDatagrams);
    expect(text).toContain('4000 opened = 3950 answered + 47 unanswered + 3 unexplained');
    expect(text).not.toMatch(/\bFIN,|RST|closing segments|most sockets/);
  });
});
