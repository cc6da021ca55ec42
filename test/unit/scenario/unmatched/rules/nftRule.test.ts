import { describe, expect, it } from 'vitest';
import { nftTextStatements } from '../../../../../src/scenario/syntax/nftStatements.js';
import { nftRules } from '../../../../../src/scenario/unmatched/rules/nftRule.js';

/** How often a word of a statement is looked at in reading it. */
function looks(body: string, count: number) {
  const [, statement] = nftTextStatements(
    `table inet f { chain c { type filter hook input priority 0; ${body.repeat(count)}; } }`,
  );
  const words = statement?.words ?? [];
  let looked = 0;
  const counted = new Proxy(words, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked += 1;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const { rules } = nftRules(counted, 1, { keyOf: (name) => name, sets: new Map() });
  return { words: words.length, looked, rules };
}

describe('a rule of nft', () => {
  // Each word was looked at with all behind it: a statement of 400,000 words took minutes.
  it.each([
    'counter ',
    'iifname eth0 ',
    'foo ',
    'ip saddr . ',
    'mark set mark ',
    'fib saddr . ',
    'fib saddr type local ',
    '{ } ',
    '{ ',
    'iifname vmap { eth0 : accept } ',
    'ct mark & 1 ',
    'meta mark set iifname map { eth0 : 1 } ',
    'log prefix a ',
  ])('is read in one go, however long it is: %s', (body) => {
    const { words, looked } = looks(body, 20_000);
    expect(words).toBeGreaterThanOrEqual(20_000);
    expect(looked).toBeLessThan(40 * words);
  });

  it('is read to its end, if the kernel takes it', () => {
    const { rules } = looks('tcp dport 80 iifname eth7 ', 20);
    expect(rules[0]?.asked.filter(({ kind }) => kind === 'interface')).toHaveLength(20);
  });
});
