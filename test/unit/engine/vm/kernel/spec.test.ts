import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKernelSpec } from '../../../../../src/engine/vm/kernel/spec.js';
import { UsageError } from '../../../../../src/support/errors.js';

describe('parseKernelSpec', () => {
  it('reads a Debian suite', () => {
    expect(parseKernelSpec('debian:trixie')).toEqual({ kind: 'debian', suite: 'trixie' });
  });

  it('reads a file, and a file with its modules, as absolute paths', () => {
    expect(parseKernelSpec('/boot/vmlinuz')).toEqual({
      kind: 'file',
      image: '/boot/vmlinuz',
      modules: undefined,
    });
    expect(parseKernelSpec('arch/x86/boot/bzImage:out/lib/modules/6.18.0')).toEqual({
      kind: 'file',
      image: path.resolve('arch/x86/boot/bzImage'),
      modules: path.resolve('out/lib/modules/6.18.0'),
    });
  });

  it.each([
    [
      'debian:woody',
      'no such Debian suite, expected one of bullseye, bookworm, bookworm-backports, trixie, trixie-backports, sid',
    ],
    ['debian:', 'no such Debian suite'],
    ['', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    [':/lib/modules', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    ['vmlinuz:', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
    ['vmlinuz:a:b', 'expected debian:SUITE, NAME or PATH[:MODULES_DIR]'],
  ])('refuses --kernel %j', (text, complaint) => {
    expect(() => parseKernelSpec(text)).toThrow(UsageError);
    expect(() => parseKernelSpec(text)).toThrow(`--kernel ${text}: ${complaint}`);
  });
});
