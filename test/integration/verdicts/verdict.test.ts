import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/port/port.js';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { judge } from '../../../src/verdict/judge.js';
import { meddling } from '../support/meddle.js';
import { runOne, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

let engine: Engine;
let bad: Scenario;
beforeAll(async () => {
  engine = await sharedEngine();
  bad = await shipped('close/server-first');
});

const insert = (...rule: string[]): string[] => ['iptables-nft', '-I', 'INPUT', ...rule];

describe('a verdict changes when what it is about changes', () => {
  it('fails when the bad rules are made good by hand', async () => {
    const cured = meddling(
      engine,
      'after-rules',
      'director',
      insert('-p', 'tcp', '--dport', '80', '-j', 'ACCEPT'),
    );
    const verdict = verdictOf((await runOne(cured, bad)).result);
    expect(verdict).toMatchObject({ result: 'fail', measured: { outcome: 'healthy' } });
  });

  it('fails when the fixed rules are made bad by hand', async () => {
    const spoilt = meddling(engine, 'after-rules', 'director', [
      ...insert('-p', 'tcp', '-m', 'conntrack', '--ctstate', 'INVALID'),
      ...['-j', 'REJECT', '--reject-with', 'icmp-port-unreachable'],
    ]);
    const verdict = verdictOf((await runOne(spoilt, await shipped('close/server-first-fixed'))).result);
    expect(verdict).toMatchObject({
      result: 'fail',
      measured: { outcome: 'close-blocked', signal: { kind: 'icmp', type: 3, code: 3, from: 'director' } },
    });
  });

  it('fails on the signal alone when the same packets are dropped in silence', async () => {
    const silent = meddling(
      engine,
      'after-rules',
      'director',
      insert('-p', 'tcp', '-m', 'conntrack', '--ctstate', 'INVALID', '-j', 'DROP'),
    );
    const verdict = verdictOf((await runOne(silent, bad)).result);
    expect(verdict).toMatchObject({
      result: 'fail',
      measured: { outcome: 'close-blocked', signal: { kind: 'silence' } },
    });
  });

  it('tells a rejecting realserver from a rejecting director, though both speak as the VIP', async () => {
    const fixed = await shipped('close/server-first-fixed');
    const elsewhere = meddling(engine, 'after-rules', 'realserver1', [
      ...insert(
        '-p',
        'tcp',
        '--tcp-flags',
        'FIN',
        'FIN',
        '-j',
        'REJECT',
        '--reject-with',
        'icmp-host-prohibited',
      ),
    ]);
    const verdict = verdictOf((await runOne(elsewhere, fixed)).result);
    expect(verdict).toMatchObject({
      result: 'fail',
      measured: { outcome: 'close-blocked', signal: { kind: 'icmp', type: 3, code: 10, from: 'realserver' } },
    });
    // Half of the connections go to the other realserver.
    expect(verdict.measured?.numbers.fates).toEqual({ healthy: 3, 'close-blocked': 3 });
  });

  it('is inconclusive when the control without rules is not healthy', async () => {
    const disturbed = meddling(engine, 'before-control', 'realserver1', [
      ...insert('-p', 'tcp', '--tcp-flags', 'FIN', 'FIN', '-j', 'DROP'),
    ]);
    const verdict = verdictOf((await runOne(disturbed, bad, { freshControl: true })).result);
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join('\n')).toMatch(/control/);
  });

  it('fails with --expect healthy while the bug is there', async () => {
    const verdict = verdictOf((await runOne(engine, bad, { expect: 'healthy' })).result);
    expect(verdict).toMatchObject({ result: 'fail', measured: { outcome: 'close-blocked' } });
  });
});

describe('recorded evidence', () => {
  it('gives the same verdict again, and none once it is edited', async () => {
    const { result } = await runOne(engine, bad);
    const verdict = verdictOf(result);
    expect(verdict.result).toBe('pass');
    const again = judge(bad.expect, await readScenarioEvidence(result.directory));
    expect(again).toEqual(JSON.parse(JSON.stringify(verdict)));

    await replaceInSamples(path.join(result.directory, 'measured'), /^(LAST-ACK|FIN-WAIT-2)/gm, 'TIME-WAIT');
    const edited = judge(bad.expect, await readScenarioEvidence(result.directory));
    expect(edited.result).toBe('inconclusive');
    expect(edited.reasons.join('\n')).toMatch(/measured\/client\.samples: .*manifest\.json/);
  });

  it('is inconclusive once a file is damaged', async () => {
    const { result } = await runOne(engine, bad);
    await appendFile(path.join(result.directory, 'measured', 'director.samples'), '@@ nonsense\n');
    const edited = judge(bad.expect, await readScenarioEvidence(result.directory));
    expect(edited.result).toBe('inconclusive');
    expect(edited.reasons.join('\n')).toContain('director.samples');
  });
});

describe('rules that iptables refuses', () => {
  it('end the scenario with what iptables says and the line', async () => {
    const rules = bad.roles.director.rules?.replace('icmp-host-prohibited', 'icmp-nonsense');
    const broken = { ...bad, roles: { ...bad.roles, director: { ...bad.roles.director, rules } } };
    const { result } = await runOne(engine, broken);
    expect(result.error).toMatchObject({ exitCode: 5 });
    expect(result.error?.message).toMatch(
      /stock\.iptables:\d+:\d+: iptables.*icmp-nonsense.* \(rules of director\): `-A INPUT .*icmp-nonsense`/,
    );
  });
});

async function replaceInSamples(directory: string, pattern: RegExp, replacement: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.samples')) continue;
    const file = path.join(directory, name);
    await writeFile(file, (await readFile(file, 'utf8')).replace(pattern, replacement));
  }
}
