import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainCaseOf } from '../../../../bench/cases/plainCase.js';
import { findScenarios } from '../../../../src/scenario/library/library.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

async function scenarioOf(id: string): Promise<Scenario> {
  const [scenario] = await findScenarios([id]);
  if (scenario === undefined) throw new Error(`there is no ${id}`);
  return scenario;
}

describe('plainCaseOf', () => {
  it('has what the scenario says, and the text of its rules as it is', async () => {
    const { name, files } = plainCaseOf(await scenarioOf('close/server-first'), 'legacy');
    expect(name).toBe('close/server-first@legacy');
    const rules = readFileSync(path.join(packageRoot, 'scenarios/rules/stock.iptables'), 'utf8');
    expect([...files.keys()]).toEqual(['settings', 'director.sysctls', 'director.rules']);
    expect(files.get('director.rules')?.trim()).toBe(rules.trim());
    expect(files.get('director.sysctls')).toBe('net.ipv4.icmp_ratelimit=0\n');
  });

  it('writes settings that a shell reads', async () => {
    const { files } = plainCaseOf(await scenarioOf('report2007/director'), 'nft');
    const script = `${files.get('settings') ?? ''}echo "$NAME,$FLAVOUR,$FORWARDING,$SCHEDULER,$REALSERVERS,$PORTS,$FIRST,$CONNECTIONS,$QUIET_MS"`;
    const said = execFileSync('sh', ['-eu', '-c', script], { encoding: 'utf8' });
    expect(said).toBe('report2007/director@nft,nft,dr,rr,1,80 8000,server,6,3000\n');
  });

  it.each([
    ['close/client-reset', 'a close other than by a FIN'],
    ['close/long-upload', 'a client that does more than ask once'],
    ['cures/applied-live', 'events'],
    ['cures/rules-inserted-live', 'a flavour of its own'],
    ['load/mixed', 'a raw-socket load'],
    ['topology/failover-with-sync', 'several directors'],
    ['topology/fwmark-persistent', 'persistence, marks or several schedulers'],
    ['topology/ipv6', 'IPv6'],
    ['topology/local-realserver', 'a director that serves'],
    ['topology/masquerading-router', 'rules for client or router'],
    ['topology/nat-one-armed', 'names of addresses in rules'],
    ['topology/replies-through-director', 'replies by the director'],
    ['topology/routed-lossy', 'links with delay or loss'],
  ])('refuses %s: %s', async (id, what) => {
    const scenario = await scenarioOf(id);
    expect(() => plainCaseOf(scenario, 'nft')).toThrow(what);
  });
});
