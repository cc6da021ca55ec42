import { describe, expect, it } from 'vitest';
import { attemptName, cellOf, targetsOf } from '../../../../src/matrix/targets/target.js';

const names = (kernels: readonly string[], images: readonly string[] = []) =>
  targetsOf(kernels, images).map(({ name }) => name);

describe('targets', () => {
  it('are every kernel with every image, in the order given', () => {
    expect(targetsOf(['debian:sid', 'mine'], ['debian:trixie', 'centos:7'])).toEqual([
      { kernel: 'debian:sid', image: 'debian:trixie', name: 'debian-sid+debian-trixie' },
      { kernel: 'debian:sid', image: 'centos:7', name: 'debian-sid+centos-7' },
      { kernel: 'mine', image: 'debian:trixie', name: 'mine+debian-trixie' },
      { kernel: 'mine', image: 'centos:7', name: 'mine+centos-7' },
    ]);
  });

  it('are one where nothing is named, or of what is named only', () => {
    expect(targetsOf([], [])).toEqual([{ kernel: undefined, image: undefined, name: 'default' }]);
    expect(targetsOf([], ['auto'])).toEqual([{ kernel: undefined, image: 'auto', name: 'auto' }]);
  });

  it('have names that are good folders', () => {
    expect(names(['/boot/vmlinuz-6.1:/lib/modules/6.1'])).toEqual(['boot-vmlinuz-6.1-lib-modules-6.1']);
    expect(names(['../tree/bzImage'])).toEqual(['tree-bzImage']);
    const [long] = names([`/${'x'.repeat(300)}`]);
    expect(long?.length).toBeLessThan(100);
  });

  it('have names of their own where they would look alike', () => {
    const [one, other] = names(['/k/1', 'k:1']);
    expect(one).toMatch(/^k-1-[0-9a-f]{8}$/);
    expect(other).toMatch(/^k-1-[0-9a-f]{8}$/);
    expect(one).not.toBe(other);
  });

  it('have names that no other one has for a further attempt', () => {
    expect(attemptName({ name: 'linux-6.1' }, 1)).toBe('linux-6.1');
    expect(attemptName({ name: 'linux-6.1' }, 2)).toBe('linux-6.1.2');
    const [short, long] = names(['linux-6.1', 'linux-6.1.2']);
    expect(short).not.toBe('linux-6.1');
    expect(long).toBe('linux-6.1.2');
    expect(names(['linux-6.1', 'linux-6.10'])).toEqual(['linux-6.1', 'linux-6.10']);
  });

  it('make cells with a flavour', () => {
    expect(cellOf({ kernel: 'k', image: undefined }, { iptables: 'legacy' })).toEqual({
      kernel: 'k',
      image: undefined,
      iptables: 'legacy',
    });
  });
});
