import { describe, expect, it } from 'vitest';
import { AtomSet } from '../../../../src/prediction/walk/atomSet.js';

/** Sets of numbers below 200 that are made of ranges, and the same as a Set. */
function made(seed: number): { readonly set: AtomSet; readonly plain: ReadonlySet<number> } {
  let state = seed;
  const next = (most: number) => (state = (state * 48_271) % 2_147_483_647) % most;
  const ranges = Array.from({ length: next(4) }, () => {
    const first = next(200);
    return [first, Math.min(199, first + next(70))] as const;
  });
  const plain = new Set(
    ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index)),
  );
  return { set: AtomSet.of(ranges), plain };
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((one, other) => one - other);

describe('sets of atoms', () => {
  it('do what sets do', () => {
    for (let seed = 1; seed < 400; seed += 2) {
      const [one, other] = [made(seed), made(seed + 1)];
      expect([...one.set.atoms()]).toEqual(sorted(one.plain));
      expect([...one.set.and(other.set).atoms()]).toEqual(
        sorted([...one.plain].filter((atom) => other.plain.has(atom))),
      );
      expect([...one.set.minus(other.set).atoms()]).toEqual(
        sorted([...one.plain].filter((atom) => !other.plain.has(atom))),
      );
      expect([...one.set.or(other.set).atoms()]).toEqual(sorted(new Set([...one.plain, ...other.plain])));
      expect(one.set.isEmpty).toBe(one.plain.size === 0);
      expect(one.set.has(100)).toBe(one.plain.has(100));
    }
  });

  it('are the same when their members are', () => {
    const set = AtomSet.of([[3, 90]]);
    expect(set.minus(AtomSet.of([[40, 90]])).equals(AtomSet.of([[3, 39]]))).toBe(true);
    expect(set.equals(AtomSet.of([[3, 89]]))).toBe(false);
    expect(AtomSet.all(0).isEmpty).toBe(true);
  });
});
