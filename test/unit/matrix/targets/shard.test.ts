import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  sharesOf,
  parseShard,
  shardText,
  wholeShard,
  type Shard,
} from '../../../../src/matrix/targets/shard.js';
import { target } from '../matrices.js';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
const sharesText = (targets: readonly string[], jobs: readonly string[], shard: Shard) =>
  sharesOf(targets.map(target), named(...jobs), shard).map(
    (share) => `${share.target.name}: ${share.jobs.map(({ name }) => name).join(' ')}`,
  );

describe('a shard', () => {
  it.each([
    ['1/1', { index: 1, of: 1 }],
    ['2/3', { index: 2, of: 3 }],
    ['12/12', { index: 12, of: 12 }],
  ])('is read from %s', (text, shard) => {
    expect(parseShard(text)).toEqual(shard);
    expect(shardText(shard)).toBe(text);
  });

  it.each(['3/2', '0/2', '0/0', '1/0', '-1/2', '1', '1/', '/2', '1/2/3', 'a/b', '1.5/2', ' 1/2', ''])(
    'is not read from `%s`',
    (text) => {
      expect(parseShard(text)).toBeUndefined();
    },
  );
});

describe('dealing', () => {
  it('keeps targets together where it can', () => {
    const targets = ['k4', 'k1', 'k3', 'k2'];
    expect(sharesText(targets, ['b', 'a'], { index: 1, of: 2 })).toEqual(['k1: b a', 'k2: b a']);
    expect(sharesText(targets, ['b', 'a'], { index: 2, of: 2 })).toEqual(['k4: b a', 'k3: b a']);
  });

  it('splits a target where there are more shards', () => {
    expect(sharesText(['k'], ['c', 'a', 'b', 'd'], { index: 1, of: 2 })).toEqual(['k: a b']);
    expect(sharesText(['k'], ['c', 'a', 'b', 'd'], { index: 2, of: 2 })).toEqual(['k: c d']);
  });

  it('leaves shards empty where there are not enough jobs', () => {
    const shards = [1, 2, 3].map((index) => sharesText(['k'], ['a', 'b'], { index, of: 3 }));
    expect(shards.flat().sort()).toEqual(['k: a', 'k: b']);
    expect(shards).toContainEqual([]);
  });

  const distinct = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 12 });

  it('gives each job of each target to one shard, in equal parts, whatever their order', () => {
    fc.assert(
      fc.property(distinct, distinct, fc.integer({ min: 1, max: 9 }), (targets, jobs, of) => {
        const all = (some: readonly string[], others: readonly string[], shard: Shard) =>
          sharesOf(some.map(target), named(...others), shard).flatMap((share) =>
            share.jobs.map(({ name }) => JSON.stringify([share.target.name, name])),
          );
        const shards = Array.from({ length: of }, (_, index) => all(targets, jobs, { index: index + 1, of }));
        expect(shards.flat().sort()).toEqual(all(targets, jobs, wholeShard).sort());
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const backwards = all(targets.toReversed(), jobs.toReversed(), { index: 1, of });
        expect(backwards.sort()).toEqual(shards[0]?.toSorted());
      }),
    );
  });

  it('has no shard with a target more than its length needs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (t, j, of) => {
          const targets = Array.from({ length: t }, (_, index) => `k${index}`);
          const jobs = Array.from({ length: j }, (_, index) => `j${index}`);
          const used = Array.from(
            { length: of },
            (_, index) => sharesText(targets, jobs, { index: index + 1, of }).length,
          );
          // Each cut between two shards can split one target.
          expect(used.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(t + of - 1);
        },
      ),
    );
  });
});
