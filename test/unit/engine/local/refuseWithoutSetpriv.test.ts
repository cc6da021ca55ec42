import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseWithoutSetpriv } from '../../../../src/engine/local/refuseWithoutSetpriv.js';
import { tempFolder } from '../tempFolder.js';

describe('setpriv', () => {
  it('is asked of a machine with a local engine too', () => {
    const bin = tempFolder();
    expect(() => {
      refuseWithoutSetpriv(bin);
    }).toThrow('`setpriv` is not installed, by which what lvs-lab starts ends with it');
    writeFileSync(path.join(bin, 'setpriv'), '#!/bin/sh\n', { mode: 0o755 });
    expect(() => {
      refuseWithoutSetpriv(bin);
    }).not.toThrow();
  });
});
