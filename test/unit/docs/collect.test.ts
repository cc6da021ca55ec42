import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it.each([
    ['has', 0],
    ['has not', 1],
  ])('reads rules of a kernel that %s nf_tables built in, or where it is loaded', async (_, code) => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    const program = (name: string, text: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    };
    // What the kernel has in it is asked of /proc/kallsyms.
    program('grep', `case $* in */proc/kallsyms) exit ${code} ;; esac\nexec /bin/grep "$@"`);
    program('iptables-save', 'printf "*filter\\n-A INPUT -j ACCEPT\\nCOMMIT\\n"');
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, TMPDIR: bin };
    execFileSync('sh', [script, 'rules.tar'], { cwd: bin, env, stdio: 'pipe' });
    const names = (await readFiles(['rules.tar'], bin)).map(({ name }) => name);
    const isLoaded = ['nf_tables', 'ip_tables'].some((module) => existsSync(`/sys/module/${module}`));
    expect(names.includes('rules.tar/iptables.save')).toBe(code === 0 || isLoaded);
  });

  it('writes over nothing', () => {
    writeFileSync(join(folder, 'there.tar'), 'mine');
    expect(() => execFileSync('sh', [script, 'there.tar'], { cwd: folder, stdio: 'pipe' })).toThrow(
      /is there already/,
    );
  });
});
