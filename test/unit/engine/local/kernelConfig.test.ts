import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostKernelConfig } from '../../../../src/engine/local/kernelConfig.js';
import { tempFolder } from '../tempFolder.js';

describe('the configuration of a local engine’s kernel', () => {
  it('is that of this machine when the engine runs on the same kernel, and otherwise nobody’s', async () => {
    const boot = tempFolder();
    const file = path.join(boot, 'config-6.1.0');
    writeFileSync(file, 'CONFIG_IP_VS=m\n');
    const sha256 = createHash('sha256').update('CONFIG_IP_VS=m\n').digest('hex');
    expect(await hostKernelConfig('6.1.0', { boot, running: '6.1.0' })).toEqual({ sha256, from: file });
    expect(await hostKernelConfig('6.1.0', { boot, running: '6.12.0' })).toBeUndefined();
  });

  it('is not known where this machine keeps none', async () => {
    expect(await hostKernelConfig('6.1.0', { boot: tempFolder(), running: '6.1.0' })).toBeUndefined();
  });
});
