import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  inputOf,
  plannedRules,
  type RulesToLoad,
} from '../../../../../src/scenario/plan/commands/ruleLoading.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';

// The loader only calls tools, which here are stand-ins that note how they were called and what they were given.
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-lab-rules-'));
  const tools = ['sysctl', 'ipset', 'nft', 'ip6tables-nft-restore', 'iptables-nft-restore', 'iptables-nft'];
  for (const name of [...tools, 'iptables-legacy', 'ip6tables-legacy-save']) {
    await tool(name, `printf '%s\\n' "${name} $*" >>${folder}/calls`);
  }
  await tool('ipset', `printf '%s\\n' "ipset $*: $(cat)" >>${folder}/calls`);
  await copyFile(join(packageRoot, 'lab/node/load-rules.sh'), join(folder, 'load-rules.sh'));
});
afterEach(() => rm(folder, { recursive: true }));

async function tool(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

const nothing: RulesToLoad = {
  rules: { ipset: undefined, rules: undefined, rules6: undefined, nftables: undefined, commands: [] },
  iptables: 'nft',
  sysctls: {},
};

function planned(what: Partial<RulesToLoad['rules']>, rest: Partial<RulesToLoad> = {}) {
  const rules = plannedRules('load', { ...nothing, ...rest, rules: { ...nothing.rules, ...what } });
  if (rules === undefined) throw new Error('there is nothing to load');
  return rules;
}

/** Runs the loader with the stand-ins, from this test's folder in place of the container's. */
async function load(...what: Parameters<typeof planned>) {
  const rules = planned(...what);
  const [program = '', ...rest] = rules.load.argv;
  const argv = rest.map((word) => (word === '/lab/load-rules.sh' ? join(folder, 'load-rules.sh') : word));
  const env = { ...process.env, PATH: `${folder}:/usr/bin:/bin` };
  const { status, stderr } = spawnSync(program, argv, { encoding: 'utf8', env, input: inputOf(rules) });
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return { status, stderr, calls: calls.replaceAll(folder, '').split('\n').filter(Boolean) };
}

describe('loading rules', () => {
  it('is nothing to plan when there are none', () => {
    expect(plannedRules('load', nothing)).toBeUndefined();
  });

  it('goes through sysctls, sets, rules and commands, and says which step it is at', async () => {
    const all = {
      ipset: 'create a hash:ip',
      rules: '*filter\nCOMMIT\n',
      rules6: '*raw\nCOMMIT',
      nftables: 'flush ruleset',
      commands: ['iptables -A "IN PUT"', 'ip6tables-nft-restore x'],
    };
    expect(await load(all, { sysctls: { 'net.a': '1', 'net.b': '2 3' } })).toEqual({
      status: 0,
      stderr: ['sysctls', 'ipset', 'rules', 'rules6', 'nftables', 'commands:1', 'commands:2']
        .map((step) => `@@ step ${step}\n`)
        .join(''),
      calls: [
        'sysctl -qw net.a=1 net.b=2 3',
        'ipset restore -exist: create a hash:ip',
        'iptables-nft-restore /rules/rules',
        'ip6tables-nft-restore /rules/rules6',
        'nft -f /rules/nftables',
        'iptables-nft -A IN PUT',
        'ip6tables-nft-restore x',
      ],
    });
    expect(await readFile(join(folder, 'rules/rules6'), 'utf8')).toBe('*raw\nCOMMIT\n');
  });

  it('keeps the texts for messages that quote a line', () => {
    expect(planned({ rules: 'a', commands: ['b', 'c'] }).texts).toEqual({ rules: 'a\n', commands: 'b\nc' });
    expect(planned({}, { sysctls: { a: '1' } }).texts).toEqual({});
  });

  it('stops at the first thing refused', async () => {
    await tool('iptables-nft-restore', 'echo "line 1 failed" >&2; exit 2');
    const { status, stderr, calls } = await load({ ipset: 'a', rules: 'b', nftables: 'c' });
    expect(status).toBe(2);
    expect(stderr).toBe('@@ step ipset\n@@ step rules\nline 1 failed\n');
    expect(calls).toEqual(['ipset restore -exist: a']);
  });

  it('stops at the first command that fails, or is none', async () => {
    const failed = await load({ commands: ['iptables -A x', 'false', 'iptables -A y'] });
    expect(failed).toMatchObject({ status: 1, stderr: '@@ step commands:1\n@@ step commands:2\n' });
    expect(failed.calls).toEqual(['iptables-nft -A x']);
    const broken = await load({ commands: ['echo "'] });
    expect(broken.status).not.toBe(0);
    expect(broken.stderr).toContain('@@ step commands:1\n');
  });

  it('takes nothing in a text for shell', async () => {
    const text = '# $(touch "$0") `id` \'"\\n %s ${x}\n\tLVS\n';
    await load({ rules: text });
    expect(await readFile(join(folder, 'rules/rules'), 'utf8')).toBe(text);
  });

  it('cuts texts apart where they end, whatever letters they have and however long they are', async () => {
    const long = `# ${'ä€😀'.repeat(200_000)}\n`;
    expect(Buffer.byteLength(long)).toBeGreaterThan(1_500_000);
    const what = {
      ipset: 'create ü hash:ip',
      rules: long,
      rules6: '# ß',
      commands: ["iptables '€'", 'iptables b'],
    };
    const { calls, status } = await load(what);
    expect(status).toBe(0);
    expect(calls).toEqual([
      'ipset restore -exist: create ü hash:ip',
      'iptables-nft-restore /rules/rules',
      'ip6tables-nft-restore /rules/rules6',
      'iptables-nft €',
      'iptables-nft b',
    ]);
    expect(await readFile(join(folder, 'rules/rules'), 'utf8')).toBe(long);
    expect(await readFile(join(folder, 'rules/rules6'), 'utf8')).toBe('# ß\n');
    // None of it is in the command, which could not be run then.
    expect(planned(what).load.argv.join('').length).toBeLessThan(2000);
  });

  it('lets commands mean the flavour by the plain names', async () => {
    const { calls } = await load({ commands: ['iptables -F', 'ip6tables-save -c'] }, { iptables: 'legacy' });
    expect(calls).toEqual(['iptables-legacy -F', 'ip6tables-legacy-save -c']);
  });

  it('has room for many commands', async () => {
    const { calls } = await load({ commands: Array.from({ length: 30 }, (_, n) => `iptables ${n}`) });
    expect(calls).toHaveLength(30);
    expect(calls.at(-1)).toBe('iptables-nft 29');
  });
});
