import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordedOf } from '../../../../bench/scale/record.js';
import { readProgress } from '../../../../bench/scale/recorded.js';
import { tempFolder } from '../../engine/tempFolder.js';

const cold = `[   5.6s] engine: making the kernel debian:bookworm bootable: done in 37.0 s
[  49.7s] engine: making a base image from Debian bookworm's packages: done in 49.2 s
[  61.7s] engine: making the guest root file system: done in 1 min 1 s
[  82.4s] engine: booting the guest: done in 19.8 s
[ 118.3s] engine: importing Debian bookworm into the engine: done in 35.8 s
[ 125.3s] engine: building the client image: done in 6.9 s
[ 130.0s] engine: building the director image: done in 4.7 s
[ 134.7s] engine: building the realserver image: done in 4.7 s
[ 135.0s] engine: writing the guest disk: done in 0.3 s
[ 140.0s] engine: saving the warm guest: done in 0.1 s
[ 141.2s] engine: starting a saved guest: done in 0.2 s
[ 152.6s] engine: creating networks and nodes: done in 10.7 s
[ 162.7s] engine: starting what waits in the nodes: done in 10.1 s
[ 165.3s] engine: saving the lab: done in 0.1 s`;
const jobs = `[   0.5s] topology/ipv6#2: topology ...
[  37.5s] topology/ipv6#2: topology done in 37.0 s
[  52.5s] topology/ipv6#2: control done in 12.1 s
[  64.6s] 1 of 450: topology/ipv6#2: PASS in 1 min 4 s
[  64.9s] close/client-first@nft: topology done in 0.3 s
[  70.0s] close/client-first@nft: control done in 5.0 s
[  80.0s] 2 of 450: close/client-first@nft: FAIL in 16.0 s
[  81.0s] close/kept: topology done in 0.3 s
[  90.0s] 3 of 450: close/kept: PASS in 9.0 s`;

describe('what runs print', () => {
  it('tells how long steps took, and jobs that made their control run, without the saved labs they made', () => {
    const progress = readProgress(`${cold}\n${jobs}`);
    expect(progress.steps.get('making the guest root file system')).toEqual([61]);
    expect(Object.fromEntries(progress.jobs)).toEqual({ 'topology/ipv6': [28], 'close/client-first': [16] });
  });

  it('is what the simulation knows, with sizes of what the cache has', async () => {
    const [cache, run] = [tempFolder(), tempFolder()];
    const key = '0123456789abcdef0123';
    for (const part of ['kernel', 'base', 'root', 'disk', 'warm', 'lab']) {
      mkdirSync(path.join(cache, `${part}-${key}`));
      writeFileSync(path.join(cache, `${part}-${key}`, 'file'), Buffer.alloc(8192, 1));
    }
    mkdirSync(path.join(run, 'job'));
    writeFileSync(path.join(run, 'job', 'capture'), Buffer.alloc(4096, 1));
    const sources = { about: 'here', lanes: 3, cache, run };
    const found = await recordedOf({ ...sources, logs: [cold, jobs], scenarios: 2 });
    expect(found.parts.disk).toEqual({ seconds: 72.2, bytes: 8192 });
    expect(found.parts.lab.seconds).toBe(21.1);
    expect(found.evidenceBytes).toBe(4096);
    expect(found.scenarios).toEqual({ 'close/client-first': 16, 'topology/ipv6': 28 });
    const few = recordedOf({ ...sources, logs: [cold, jobs], scenarios: 3 });
    await expect(few).rejects.toThrow('expected 3 scenarios whose control run was made, found 2');
    const warm = recordedOf({ ...sources, logs: [jobs], scenarios: 2 });
    await expect(warm).rejects.toThrow(/expected a run that tells how long the step .*making the kernel/);
  });
});
