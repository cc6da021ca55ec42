import { describe, expect, it } from 'vitest';
import type { Node } from '../../../../src/engine/port/port.js';
import { loadNodeRules, throwRefusals } from '../../../../src/run/nodes/nodeRules.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import { plannedRules } from '../../../../src/scenario/plan/commands/ruleLoading.js';
import { LabError } from '../../../../src/support/errors.js';

const rules = {
  rules: '*filter\n-A INPUT -m nosuch -j ACCEPT\nCOMMIT\n',
  rules6: undefined,
  nftables: 'table ip a {\n  nonsense\n  more nonsense\n}\n',
  ipset: undefined,
  commands: ['ip route add blackhole 192.0.2.0/24', 'iptables -A NOPE'],
};
const source = {
  file: '/site/mine.yaml',
  part: 'director',
  of: 'director',
  places: {
    'director.rules': { line: 7, column: 10, text: { line: 8, column: 5 } },
    'director.nftables': { line: 20, column: 3, text: { line: 21, column: 5 } },
    'director.commands.0': { line: 30, column: 7 },
    'director.commands.1': { line: 32, column: 7 },
    'director.sysctls.net.ipv4.ip_forward': { line: 4, column: 5 },
    'director.sysctls.net.ipv4.vs.conntrack': { line: 5, column: 5 },
  },
};

/** What loading comes to when the script ends with these words. */
async function said(stderr: string, exitCode = 1): Promise<unknown> {
  const sysctls = { 'net.ipv4.ip_forward': '1', 'net.ipv4.vs.conntrack': '7' };
  const planned = plannedRules('load', { rules, iptables: 'nft', sysctls });
  const node = {
    shape: { name: 'director' },
    exec: () => Promise.resolve({ exitCode, stdout: '', stderr }),
  } as unknown as Node;
  return loadNodeRules(node, planned!, source).catch((error: unknown) => error);
}

describe('what a node refuses to load', () => {
  it.each([
    [
      'a rule',
      "@@ step rules\niptables-restore v1.8.9 (nf_tables): Couldn't load match `nosuch'\nError occurred at line: 2\n",
      [
        "mine.yaml:9:5: iptables-restore v1.8.9 (nf_tables): Couldn't load match `nosuch' (rules of director): `-A INPUT -m nosuch -j ACCEPT`",
      ],
    ],
    [
      'all that nft names',
      '@@ step rules\n@@ step nftables\n/lab/rules/nftables:2:3-10: Error: syntax error\n  nonsense\n/lab/rules/nftables:3:3-6: Error: unexpected more\n',
      [
        'mine.yaml:22:5: nft: syntax error (nftables of director): `nonsense`',
        'mine.yaml:23:5: nft: unexpected more (nftables of director): `more nonsense`',
      ],
    ],
    [
      'a command, behind another',
      '@@ step commands:1\n@@ step commands:2\niptables: No chain/target/match by that name.\n',
      [
        'mine.yaml:32:7: iptables: No chain/target/match by that name. (command of director): `iptables -A NOPE`',
      ],
    ],
    [
      'a sysctl',
      '@@ step sysctls\nsysctl: setting key "net.ipv4.vs.conntrack": Invalid argument\n',
      ['mine.yaml:5:5: sysctl: setting key "net.ipv4.vs.conntrack": Invalid argument (sysctl of director)'],
    ],
  ])('is named with its place in the file: %s', async (_, words, lines) => {
    const error = (await said(words)) as RulesError;
    expect(error).toBeInstanceOf(RulesError);
    expect(error.message.split('\n').map((line) => line.replace(/^.*\/(?=mine)/, ''))).toEqual(lines);
    expect(error.exitCode).toBe(5);
  });

  it('is nothing where all was taken, and the lab’s where a tool is missing', async () => {
    expect(await said('@@ step rules\nsome warning\n', 0)).toBeUndefined();
    const error = await said('@@ step rules\nbash: line 3: iptables-nft-restore: command not found\n');
    expect(error).not.toBeInstanceOf(RulesError);
    expect(error).toMatchObject({ exitCode: 2 });
  });
});

describe('what several nodes refuse', () => {
  const refused = (message: string) => ({ status: 'rejected', reason: new RulesError(message) }) as const;
  const took = { status: 'fulfilled', value: undefined } as const;

  it('is told at once, each place once', () => {
    const all = [refused('a.yaml:1:1: x'), took, refused('a.yaml:2:1: y'), refused('a.yaml:1:1: x')];
    expect(() => {
      throwRefusals(all);
    }).toThrow(new RulesError('a.yaml:1:1: x\na.yaml:2:1: y'));
    expect(() => {
      throwRefusals([took]);
    }).not.toThrow();
  });

  it('does not hide that the lab broke', () => {
    const gone = { status: 'rejected', reason: new LabError('gone') } as const;
    expect(() => {
      throwRefusals([refused('a.yaml:1:1: x'), gone]);
    }).toThrow('gone');
  });
});
