import { describe, expect, it } from 'vitest';
import { bootstrapArgv } from '../../../../src/engine/debian/mmdebstrap.js';

const request = { suite: 'bookworm', packages: ['ipvsadm', 'iptables'], output: '/cache/base.tar' };

describe('bootstrapArgv', () => {
  it('leaves the mirror to mmdebstrap: no host name is in it', () => {
    const argv = bootstrapArgv({ ...request, variant: 'extract' }, {});
    expect(argv[0]).toBe('mmdebstrap');
    expect(argv.slice(-2)).toEqual(['bookworm', '/cache/base.tar']);
    expect(argv.join(' ')).not.toMatch(/:\/\/|\.(org|net|com)\b/);
  });

  it('names the mirror of LVS_LAB_DEBIAN_MIRROR last', () => {
    const mirror = 'http://mirror.invalid/debian';
    const argv = bootstrapArgv({ ...request, variant: 'extract' }, { LVS_LAB_DEBIAN_MIRROR: mirror });
    expect(argv.slice(-3)).toEqual(['bookworm', '/cache/base.tar', mirror]);
    expect(bootstrapArgv({ ...request, variant: 'extract' }, { LVS_LAB_DEBIAN_MIRROR: '' }).at(-1)).toBe(
      '/cache/base.tar',
    );
  });

  it('merges /usr where packages are configured, and not where they are only unpacked', () => {
    const essential = bootstrapArgv({ ...request, variant: 'essential' }, {});
    expect(essential).toContain('--include=ipvsadm,iptables,usr-is-merged');
    expect(essential.some((word) => word.startsWith('--hook-dir='))).toBe(true);
    const extract = bootstrapArgv({ ...request, variant: 'extract' }, {});
    expect(extract).toContain('--include=ipvsadm,iptables');
    expect(extract.some((word) => word.startsWith('--hook-dir='))).toBe(false);
  });

  it('takes a suite whose Release file has expired', () => {
    expect(bootstrapArgv({ ...request, variant: 'extract' }, {})).toContain(
      '--aptopt=Acquire::Check-Valid-Until "false"',
    );
  });

  it('runs hooks and throws the root away when only their products are wanted', () => {
    const argv = bootstrapArgv(
      { ...request, variant: 'essential', output: undefined, customizeHooks: ['first', 'second'] },
      {},
    );
    expect(argv).toContain('--format=null');
    expect(argv.filter((word) => word.startsWith('--customize-hook='))).toEqual([
      '--customize-hook=first',
      '--customize-hook=second',
    ]);
    expect(argv.at(-1)).toBe('-');
  });
});
