import { describe, expect, it } from 'vitest';
import { clausesOf } from '../../../../src/scenario/syntax/nftClauses.js';
import { nftTextStatements } from '../../../../src/scenario/syntax/nftStatements.js';

const kindsOf = (rule: string) => {
  const statements = nftTextStatements(`table inet f { chain c {\n${rule}\ntcp dport 22 accept\n} }`);
  return statements.map(({ block, words }) => [
    block?.join(' '),
    clausesOf(words)
      .map(({ kind }) => kind)
      .join(' '),
  ]);
};

describe('rules of nft', () => {
  it('may begin with a counter and have a set behind it, which is no counter called so', () => {
    expect(kindsOf('counter tcp dport { 80, 443 } accept')).toEqual([
      ['chain c', 'match verdict'],
      ['chain c', 'match verdict'],
    ]);
  });

  it('may ask for connections whose destination was changed, which changes none', () => {
    expect(kindsOf('ct status dnat accept')[0]).toEqual(['chain c', 'match verdict']);
    expect(kindsOf('tcp dport 80 dnat to 10.0.0.1')[0]).toEqual(['chain c', 'match send verdict']);
  });
});
