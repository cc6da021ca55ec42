import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKernelSpec } from '../../../../src/engine/kernel/kernelSpec.js';
import { UsageError } from '../../../../src/support/errors.js';

describe('parseKernelSpec', () => {
  it('reads a Debian suite', () => {
    expect(parseKernelSpec('debian:trixie')).toEqual({ kind: 'debian', suite: 'trixie' });
  });

  it('reads a file, and a file with its modules, as absolute paths', () => {
    // Any file and folder will do: what is in them is looked at later.
    expect(parseKernelSpec('/etc/passwd')).toEqual({
      kind: 'file',
      image: '/etc/passwd',
      modules: undefined,
    });
    expect(parseKernelSpec('src/cli/main.ts:src/cli')).toEqual({
      kind: 'file',
      image: path.resolve('src/cli/main.ts'),
      modules: path.resolve('src/cli'),
    });
  });

  it.each([
    [
      'debian:woody',
      'no such Debian suite, expected one of bullseye, bookworm, bookworm-backports, trixie, trixie-backports, sid',
    ],
    ['debian:', 'no such Debian suite'],
    ['/no/such/vmlinuz', 'cannot read the kernel: there is no /no/such/vmlinuz'],
    ['/etc/passwd:/no/such/modules', 'cannot read the kernel: there is no /no/such/modules'],
    ['', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    [':/lib/modules', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    ['vmlinuz:', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    ['vmlinuz:a:b', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
  ])('refuses --kernel %j', (text, complaint) => {
    expect(() => parseKernelSpec(text)).toThrow(UsageError);
    expect(() => parseKernelSpec(text)).toThrow(`--kernel ${text}: ${complaint}`);
  });
});
