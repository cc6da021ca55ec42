import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFiles } from '../../../src/site/files/readFiles.js';
import { readSite } from '../../../src/site/readSite.js';
import { packageRoot } from '../../../src/support/packageRoot.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-collect-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const script = join(packageRoot, 'docs/collect.sh');

describe('docs/collect.sh', () => {
  it('makes a tar that `check` takes, and leaves nothing else behind', async () => {
    const scratch = mkdtempSync(join(folder, 'tmp-'));
    // What `ip` prints where there is none.
    writeFileSync(join(folder, 'ip'), '#!/bin/sh\necho "default via 192.0.2.1 dev eth7"\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, TMPDIR: scratch };
    execFileSync('sh', [script, 'site.tar'], { cwd: folder, env, stdio: 'pipe' });
    const site = readSite(await readFiles(['site.tar'], folder));
    expect(site.problems).toEqual([]);
    expect(site.files).toContainEqual({ name: 'site.tar/about.txt', kind: 'about' });
    expect(site.routes?.[0]).toEqual({ to: 'default', device: 'eth7', family: 'ipv4' });
    expect(execFileSync('ls', [scratch]).toString()).toBe('');
  });

  it('writes over nothing', () => {
    writeFileSync(join(folder, 'there.tar'), 'mine');
    expect(() => execFileSync('sh', [script, 'there.tar'], { cwd: folder, stdio: 'pipe' })).toThrow(
      /is there already/,
    );
  });
});
