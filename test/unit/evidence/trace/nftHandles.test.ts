import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitSections } from '../../../../src/evidence/directory/sections.js';
import { parseNftHandles } from '../../../../src/evidence/trace/nftHandles.js';
import { parseNftPackets } from '../../../../src/evidence/trace/nftPackets.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const file = path.join(packageRoot, 'test', 'fixtures', 'traces', 'inserted.traced');
const sections = splitSections(readFileSync(file, 'utf8'));
const packets = sections.get('packets')!.output;
const listing = sections.get('nft-handles')!.output;

describe('rules that were inserted while packets were followed', () => {
  const refused = (text: string) =>
    parseNftPackets(packets, parseNftHandles(text)).flatMap(({ kind, steps }) =>
      steps.filter(({ verdict }) => verdict === 'drop').map(({ rule }) => [kind, rule]),
    );

  it('are told by the listing that has their handles', () => {
    const told = refused(listing);
    expect(told).toHaveLength(7);
    expect(new Set(told.map(([, rule]) => rule))).toEqual(new Set(['tcp flags & fin == fin drop']));
    expect(new Set(told.map(([kind]) => kind))).toEqual(new Set(['TCP FIN,ACK']));
  });

  it('are told by their handles where nobody listed them, or they are gone again, and took the packets all the same', () => {
    const gone = listing.replace(/^.* # handle 3$/m, '');
    for (const told of [refused(''), refused(gone)]) {
      expect(told).toHaveLength(7);
      expect(told[0]).toEqual(['TCP FIN,ACK', 'unknown rule handle 3']);
    }
  });
});
