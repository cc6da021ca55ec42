import { describe, expect, it } from 'vitest';
import { bitmaskAt } from '../../../../../src/prediction/rules/nft/bitmask.js';
import { flagBits } from '../../../../../src/prediction/rules/terms.js';
import { nftTextStatements } from '../../../../../src/scenario/syntax/nftStatements.js';

/** The flags that a comparison takes, of a few combinations. */
function taken(comparison: string): string {
  const [statement] = nftTextStatements(`table inet f { chain c { ${comparison} accept; } }`);
  const words = statement?.words ?? [];
  const { test, end } = bitmaskAt(words, 2, (name) => flagBits([name]));
  expect(words[end]?.text).toBe('accept');
  if (test === undefined) return 'unknown';
  const { mask, values, negated } = test;
  const all = { syn: 2, synack: 18, ack: 16, fin: 17, rst: 4 };
  return Object.entries(all)
    .filter(([, bits]) => values.includes((bits & mask) >>> 0) !== negated)
    .map(([name]) => name)
    .join(' ');
}

describe('comparisons of flags', () => {
  // What the kernel was given for each, by `nft --debug=netlink`.
  it.each([
    ['tcp flags syn', 'syn synack'],
    ['tcp flags fin,rst', 'fin rst'],
    ['tcp flags ! syn', 'ack fin rst'],
    ['tcp flags == syn', 'syn'],
    ['tcp flags != syn', 'synack ack fin rst'],
    ['tcp flags syn / fin,syn,rst,ack', 'syn'],
    ['tcp flags != syn / fin,syn,rst,ack', 'synack ack fin rst'],
    ['tcp flags & (fin | syn | rst | ack) == syn', 'syn'],
    ['tcp flags & (fin|syn|rst|ack) != syn', 'synack ack fin rst'],
    ['tcp flags & syn == syn', 'syn synack'],
    ['tcp flags & (fin | rst) == 0x0', 'syn synack ack'],
    ['tcp flags { syn, fin | ack }', 'syn fin'],
    ['tcp flags != { syn, fin | ack }', 'synack ack rst'],
    ['tcp flags != 0x12', 'syn ack fin rst'],
    ['tcp flags nonsense', 'unknown'],
  ])('%s takes %s', (comparison, expected) => {
    expect(taken(comparison)).toBe(expected);
  });
});
