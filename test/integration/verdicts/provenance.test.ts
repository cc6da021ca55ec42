import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { provenanceSchema } from '../../../src/evidence/model/provenance.js';
import { runOne, shipped } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

describe('what a run ran on', () => {
  it('is written down: kernel, modules, images, packages and sysctls of each role', async () => {
    const engine = await sharedEngine();
    const { result } = await runOne(engine, await shipped('close/server-first'));
    const file = path.join(path.dirname(result.directory), 'provenance.json');
    const {
      kernel,
      engine: components,
      roles,
      problems,
    } = provenanceSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(problems).toEqual([]);
    expect(kernel?.release).toBe(engine.identity.kernel);
    expect(kernel?.buildId).toMatch(/^[0-9a-f]{40}$/);
    expect(kernel?.modules).toMatchObject({
      ip_vs: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      nf_conntrack: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    expect(components['Engine']).toBe(engine.identity.dockerVersion);
    expect(Object.keys(roles).sort()).toEqual(['client', 'director', 'realserver']);
    for (const role of Object.values(roles)) {
      expect(role.image?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(role.iptables).toMatch(/^iptables v1\.\d+\.\d+ \(nf_tables\)$/);
      expect(role.sysctls['net.ipv4.tcp_fin_timeout']).toBe('60');
    }
    expect(roles['director']?.packages['ipvsadm']).toMatch(/^\d/);
    expect(roles['director']?.sysctls['net.ipv4.vs.conntrack']).toBe('0');
  });
});
