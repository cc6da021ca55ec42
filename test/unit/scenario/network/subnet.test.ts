import { describe, expect, it } from 'vitest';
import { overlaps, subnetOf } from '../../../../src/scenario/network/ipv4.js';
import { chooseSubnet } from '../../../../src/scenario/network/subnet.js';
import { ExitCode, LabError } from '../../../../src/support/errors.js';

const free = { id: 'close/example', topology: { subnet: undefined } };
const everySlash24 = Array.from({ length: 512 }, (_, n) => `198.${n < 256 ? 18 : 19}.${n % 256}.0/24`);

describe('a subnet chosen for a run', () => {
  it('is a /24 of the benchmarking range', () => {
    for (let run = 0; run < 200; run++) {
      expect(everySlash24).toContain(chooseSubnet(`run${run}`, [], free));
    }
  });

  it('is the same for the same run and scenario, and hardly ever for others', () => {
    expect(chooseSubnet('run1', [], free)).toBe(chooseSubnet('run1', [], free));
    const runs = new Set(Array.from({ length: 50 }, (_, run) => chooseSubnet(`run${run}`, [], free)));
    const ids = new Set(
      Array.from({ length: 50 }, (_, n) => chooseSubnet('run1', [], { ...free, id: `close/x${n}` })),
    );
    expect(runs.size).toBeGreaterThan(40);
    expect(ids.size).toBeGreaterThan(40);
  });

  it('overlaps nothing that the engine has, larger or smaller', () => {
    const first = chooseSubnet('run1', [], free);
    for (const used of [
      first,
      first.replace('.0/24', '.128/25'),
      first.replace('.0/24', '.7/32'),
      '198.18.0.0/16',
      '198.19.0.0/16',
    ]) {
      const chosen = chooseSubnet('run1', ['172.17.0.0/16', used], free);
      expect(overlaps(subnetOf(chosen), subnetOf(used))).toBe(false);
      expect(everySlash24).toContain(chosen);
    }
  });

  it('is the last one left, wherever the search begins', () => {
    const used = everySlash24.filter((subnet) => subnet !== '198.19.3.0/24');
    expect(chooseSubnet('run1', used, free)).toBe('198.19.3.0/24');
    expect(chooseSubnet('run2', used, free)).toBe('198.19.3.0/24');
  });

  it('is not affected by IPv6 networks', () => {
    expect(chooseSubnet('run1', ['fd00::/8', '::/0'], free)).toBe(chooseSubnet('run1', [], free));
  });

  it.each([[['0.0.0.0/0']], [['198.18.0.0/15']], [everySlash24]])(
    'cannot be had when all are used',
    (used) => {
      const choose = () => chooseSubnet('run1', used, free);
      expect(choose).toThrow(LabError);
      expect(choose).toThrow(/expected a free \/24 in 198\.18\.0\.0\/15.*found all 512 overlapped/);
    },
  );
});

describe('a subnet fixed by the scenario', () => {
  const fixed = { id: 'close/example', topology: { subnet: '10.7.0.0/24' } };

  it('is taken', () => {
    expect(chooseSubnet('run1', ['10.8.0.0/24'], fixed)).toBe('10.7.0.0/24');
  });

  it('must be free', () => {
    const choose = () => chooseSubnet('run1', ['172.17.0.0/16', '10.0.0.0/8'], fixed);
    expect(choose).toThrow(
      /close\/example fixes the subnet 10\.7\.0\.0\/24, .*found the engine's network 10\.0\.0\.0\/8/,
    );
    expect(choose).toThrow(expect.objectContaining({ exitCode: ExitCode.labBroke }));
  });
});
