import type { Flows } from '../../../../../src/contracts/agents/flowProfile.js';
import { expect, it } from 'vitest';
import { firstSequence } from '../../../../../lab/clients/raw/flows/random.js';
import { serverFirst, simulate } from './simulation/simulate.js';

const flows: Partial<Flows> = {
  count: 60,
  mix: [
    { weight: 1, conversation: { name: 'one', steps: serverFirst } },
    { weight: 1, conversation: { name: 'other', steps: serverFirst.slice(0, 3) } },
  ],
};
const wire = { loss: 0.1, jitter: 3, duplication: 0.1 };

it('sends the same bytes for the same seed', () => {
  const [one, other] = [1, 2].map(() => simulate({ flows: { ...flows, seed: 7 }, wire, until: 20_000 }));
  expect(one!.sentDigest).toBe(other!.sentDigest);
  expect(one!.report.openings).toBe(other!.report.openings);
  expect(one!.report.byConversation).toEqual(other!.report.byConversation);
});

it('sends other bytes for another seed', () => {
  const [one, other] = [7, 8].map((seed) => simulate({ flows: { ...flows, seed }, wire, until: 20_000 }));
  expect(one!.sentDigest).not.toBe(other!.sentDigest);
  expect(one!.report.openings).not.toBe(other!.report.openings);
});

it('opens the same flows with the same sequence numbers when the network is another', () => {
  const [one, other] = [1, 2].map((chance) => simulate({ flows, wire, chance, until: 20_000 }));
  expect(one!.sentDigest).not.toBe(other!.sentDigest);
  expect(one!.report.openings).toBe(other!.report.openings);
});

it('says the same of its openings in another subnet and at another rate', () => {
  const [one, other] = [{ rate: 1000 }, { rate: 100 }].map((more) =>
    simulate({ flows: { ...flows, ...more }, family: 'ipv4', until: 20_000 }),
  );
  const ipv6 = simulate({ flows, family: 'ipv6', until: 20_000 });
  expect(new Set([one, other, ipv6].map((run) => run!.report.openings)).size).toBe(1);
});

it('carries uploads over the end of the sequence numbers', () => {
  // A flow whose stream begins right before the end of 32 bits.
  const upload = 60_000;
  const isNear = (seed: number): boolean => firstSequence(seed, 0) >>> 0 > 2 ** 32 - upload;
  const seed = Array.from({ length: 1_000_000 }, (_, index) => index).find(isNear);
  const { report, server, sent } = simulate({
    flows: { count: 1, seed: seed! },
    steps: [
      { do: 'open' },
      { do: 'send', then: 'close', upload, download: 0, rate: 0 },
      { do: 'expect', what: 'fin' },
      { do: 'close', how: 'fin', ack: 'apart' },
    ],
    wire: { loss: 0.05, jitter: 2 },
  });
  const sequences = sent.map(({ sequence }) => sequence);
  expect(Math.max(...sequences)).toBeGreaterThan(2 ** 32 - upload);
  expect(Math.min(...sequences)).toBeLessThan(upload);
  expect(server.bodyBytes).toBe(upload);
  expect(report.fates.closed).toBe(1);
});
