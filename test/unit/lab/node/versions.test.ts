import { execFileSync } from 'node:child_process';
import { release } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVersions } from '../../../../src/evidence/listings/provenanceListing.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const script = join(packageRoot, 'lab/node/versions.sh');

describe('versions.sh on this machine', () => {
  const said = execFileSync('bash', [script], { encoding: 'utf8' });

  it('names the running kernel, and what of it this machine shows', () => {
    const { kernel } = parseVersions(said);
    expect(kernel.release).toBe(release());
    if (kernel.buildId !== undefined) expect(kernel.buildId).toMatch(/^[0-9a-f]{16,64}$/);
    for (const buildId of Object.values(kernel.modules)) expect(buildId).toMatch(/^[0-9a-f]{16,64}$/);
  });

  it('names the system and the packages that matter, and no other', () => {
    const { role } = parseVersions(said);
    expect(role.system).not.toBe('');
    expect(role.packages['bash']).toMatch(/^\d/);
    expect(Object.keys(role.packages)).not.toContain('coreutils');
    expect(Object.keys(role.packages)).not.toContain('tar');
  });

  it('lists sysctls of TCP, without secrets and counters', () => {
    const { role } = parseVersions(said);
    expect(role.sysctls['net.ipv4.tcp_fin_timeout']).toMatch(/^\d+$/);
    expect(role.sysctls).not.toHaveProperty(['net.ipv4.tcp_fastopen_key']);
    expect(role.sysctls).not.toHaveProperty(['net.netfilter.nf_conntrack_count']);
  });
});
