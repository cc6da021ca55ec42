import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const script = join(packageRoot, 'lab/node/try-rules.sh');

// Stand-ins for the tools, which would change this machine: they refuse the first line with BAD in it, as iptables-restore does.
let tools: string;
beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'lvs-lab-try-'));
  for (const name of ['nft', 'ipset', 'ip', 'ipvsadm', 'iptables-legacy', 'ip6tables-legacy'])
    tool(name, 'exit 0');
  const refusing = `awk '/BAD/ { print "no such match"; print "Error occurred at line: " NR; exit 2 }'`;
  for (const name of ['iptables-nft-restore', 'iptables-legacy-restore']) tool(name, refusing);
  tool('iptables-nft', 'case "$*" in *BAD*) echo "bad command"; exit 2 ;; esac');
});
afterEach(() => {
  rmSync(tools, { recursive: true });
});

function tool(name: string, body: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(tools, name), 0o755);
}

function tryOut(...steps: string[]): string {
  const env = { ...process.env, PATH: `${tools}:/usr/bin:/bin`, TMPDIR: tools };
  const input = steps.map((word) => `${word}\0`).join('');
  const argv = [script, String(steps.length / 2)];
  const { status, stdout } = spawnSync('bash', argv, { encoding: 'utf8', env, input });
  expect(status).toBe(0);
  expect(readdirSync(tools).filter((name) => name.startsWith('tmp.'))).toEqual([]);
  return stdout;
}

const headsOf = (output: string) => output.split('\n').filter((line) => line.startsWith('@@'));

describe('try-rules.sh', () => {
  it('says nothing of what is taken', () => {
    expect(
      tryOut('unit', 'nft', 'rules', '*filter\n-A INPUT -j DROP\nCOMMIT\n', 'command', 'iptables -L'),
    ).toBe('');
  });

  it.each(['nft', 'legacy'])('names every line that iptables-%s refuses', (flavour) => {
    const output = tryOut(
      'unit',
      flavour,
      'rules',
      '*filter\n-A BAD\n-A INPUT -j DROP\n-A BAD too\nCOMMIT\n',
    );
    expect(headsOf(output)).toEqual(['@@ refused 1 2', '@@ refused 1 4']);
    expect(output).toContain('no such match');
  });

  it('stops at a line that cannot be left out, and says so after twenty', () => {
    expect(headsOf(tryOut('unit', 'nft', 'rules', '*BAD\nCOMMIT\n'))).toEqual(['@@ refused 1 1']);
    const refused = (lines: number) =>
      tryOut('unit', 'nft', 'rules', `*filter\n${'-A BAD\n'.repeat(lines)}COMMIT\n`);
    expect(headsOf(refused(30))).toHaveLength(21);
    expect(refused(30)).toContain(
      '@@ refused 1 22\nno such match; lines behind it were not tried: 20 are refused before it\n',
    );
    expect(headsOf(refused(20))).toHaveLength(20);
    expect(refused(20)).not.toContain('not tried');
  });

  it('takes texts longer than an argument can be, and as many words as there are', () => {
    const rules = (last: string): string =>
      `*filter\n${'-A INPUT -j DROP\n'.repeat(20_000)}-A ${last}\nCOMMIT\n`;
    expect(tryOut('unit', 'nft', 'rules', rules('INPUT'), 'command', 'iptables BAD')).toMatch(
      /^@@ refused 2 \n/,
    );
    expect(headsOf(tryOut('unit', 'nft', 'rules', rules('BAD')))).toEqual(['@@ refused 1 20002']);
  });

  it('runs commands with the flavour, and looks for sysctls', () => {
    const output = tryOut(
      'unit',
      'nft',
      'command',
      'iptables -A BAD',
      'sysctl',
      'net/ipv4/tcp_sack',
      'sysctl',
      'net/ipv4/no_such',
    );
    expect(headsOf(output)).toEqual(['@@ refused 1 ', '@@ refused 3 ']);
    expect(output).toContain('bad command');
    expect(output).toContain('the kernel has no /proc/sys/net/ipv4/no_such');
  });
});
