import { describe, expect, it } from 'vitest';
import { amount } from './amount.js';
import { kernelAnswers } from './predictions/kernelAnswers.js';
import { predictedAnswers } from './predictions/predictedAnswers.js';
import { type Case, probes } from './predictions/probes.js';
import { randomIptables } from './predictions/randomIptables.js';
import { randomNft } from './predictions/randomNft.js';

const { runs, seed } = amount(40);
const makers = { iptables: randomIptables, nft: randomNft } as const;

/** Of the packets of a case those for which the prediction says another thing than the kernel does, and how many it knows nothing of. */
function compared(
  one: Case,
  passed: readonly boolean[],
): { readonly wrong: readonly string[]; readonly unknown: number } {
  const predicted = predictedAnswers(one);
  const wrong = probes.flatMap(({ kind, source, sourcePort, comesIn }, index) => {
    const fate = predicted[index];
    const isRight = fate === 'unknown' || (fate === 'passes') === passed[index];
    const did = passed[index] === true ? 'got in' : 'did not get in';
    return isRight
      ? []
      : [`${kind} from ${source}:${sourcePort} by ${comesIn}: predicted ${fate ?? ''}, ${did}`];
  });
  return { wrong, unknown: predicted.filter((fate) => fate === 'unknown').length };
}

describe.each(['iptables', 'nft'] as const)('random rules of %s', (tool) => {
  it(
    'do to packets what was predicted, on the kernel of this machine',
    { timeout: 120_000 + runs * 3000 },
    async () => {
      const cases = Array.from({ length: Math.ceil(runs / 2) }, (_, index): Case => ({
        tool,
        text: makers[tool](seed + index),
      }));
      const answers = await kernelAnswers(cases);
      let taken = 0;
      let withUnknown = 0;
      for (const [index, one] of cases.entries()) {
        const answer = answers[index];
        if (answer === undefined || 'refused' in answer) continue;
        taken += 1;
        const { wrong, unknown } = compared(one, answer.passed);
        if (unknown > 0) withUnknown += 1;
        expect(wrong, one.text).toEqual([]);
      }
      // A text in which two things do not go together is refused by the tool itself.
      expect(taken).toBeGreaterThan(cases.length / 2);
      expect(withUnknown).toBeLessThanOrEqual(taken / 10);
    },
  );
});

it('the comparison sees a prediction that is wrong', async () => {
  const text =
    '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n';
  const [answer] = await kernelAnswers([{ tool: 'iptables', text }]);
  const passed = answer !== undefined && 'passed' in answer ? answer.passed : [];
  expect(compared({ tool: 'iptables', text }, passed).wrong).toEqual([]);
  const other = { tool: 'iptables' as const, text: text.replace('INVALID', 'NEW') };
  expect(compared(other, passed).wrong.join('\n')).toMatch(/^SYN from .*: predicted refused, got in/);
});
