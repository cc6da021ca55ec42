import type { RuleStep } from '../../../../src/engine/port/port.js';
import { describe, expect, it } from 'vitest';
import { readRefusals, refusedError } from '../../../../src/run/nodes/refusals.js';
import type { TriedStep } from '../../../../src/scenario/plan/triedSteps.js';
import { ok } from '../fakeEngine.js';
import { runAll } from '../running.js';

const rules = '*filter\n-A INPUT -s nosuch.invalid -j ACCEPT\n-A INPUT -j NOPE\nCOMMIT\n';
const steps: readonly TriedStep[] = [
  { kind: 'unit', text: 'nft', path: 'director', of: 'director' },
  { kind: 'rules', text: rules, path: 'director.rules', of: 'director' },
  { kind: 'nftables', text: 'a\nb\nc\nd\n', path: 'director.nftables', of: 'director' },
  { kind: 'command', text: 'iptablez -L', path: 'director.commands.0', of: 'director' },
  { kind: 'sysctl', text: 'net/ipv4/x', path: 'director.sysctls.net.ipv4.x', of: 'director' },
];
// As try-rules.sh printed it with iptables 1.8.9 and nft 1.0.6.
const hostName =
  "@@ refused 1 2\niptables-nft-restore v1.8.9 (nf_tables): host/network `nosuch.invalid' not found\nError occurred at line: 2\nTry `iptables-nft-restore -h' or 'iptables-nft-restore --help' for more information.\n";
const chain =
  "@@ refused 1 4\niptables-nft-restore v1.8.9 (nf_tables): Chain 'NOPE' does not exist\nError occurred at line: 4\nTry `iptables-nft-restore -h' or 'iptables-nft-restore --help' for more information.\n";
const nft =
  '@@ refused 2 2\n/tmp/try-rules:2:9-13: Error: Interface does not exist\n    iif bond0 accept\n        ^^^^^\n/tmp/try-rules:4:14-20: Error: No such file or directory\n';

function errorOf(output: string) {
  const refusals = readRefusals(output, steps);
  if (refusals.length === 0) return undefined;
  return refusedError(
    {
      file: '/site/mine.yaml',
      places: {
        'director.rules': { line: 7, column: 10, text: { line: 8, column: 5 } },
        'director.nftables': { line: 20, column: 3, text: { line: 21, column: 5 } },
        'director.commands.0': { line: 30, column: 7 },
        'director.sysctls.net.ipv4.x': { line: 5, column: 14 },
      },
    },
    refusals,
    '/site',
  );
}

describe('what is refused', () => {
  it('is shown line by line where it stands in the file, and is the user’s', () => {
    const error = errorOf(hostName + chain + nft + '@@ refused 4 \nthe kernel has no /proc/sys/net/ipv4/x\n');
    expect(error?.exitCode).toBe(5);
    expect(error?.message.split('\n')).toEqual([
      "mine.yaml:9:5: iptables-nft-restore v1.8.9 (nf_tables): host/network `nosuch.invalid' not found (rules of director): `-A INPUT -s nosuch.invalid -j ACCEPT`",
      "mine.yaml:10:5: iptables-nft-restore v1.8.9 (nf_tables): Chain 'NOPE' does not exist (rules of director): `-A INPUT -j NOPE`",
      'mine.yaml:22:5: nft: Interface does not exist (nftables of director): `b`',
      'mine.yaml:24:5: nft: No such file or directory (nftables of director): `d`',
      'mine.yaml:5:14: the kernel has no /proc/sys/net/ipv4/x (sysctl of director)',
    ]);
  });

  it('is nothing when nothing is printed, or a tool or module of the lab’s is missing', () => {
    expect(errorOf('')).toBeUndefined();
    expect(errorOf('@@ refused 1 \nbash: line 4: ipset: command not found\n')).toBeUndefined();
    expect(
      errorOf("@@ refused 1 1\niptables: can't initialize iptables table `filter': do you need to insmod?\n"),
    ).toBeUndefined();
    expect(errorOf('@@ refused 3 \nbash: line 9: iptablez: command not found\n')?.message).toContain(
      'mine.yaml:30:7: bash: line 9: iptablez',
    );
  });
});

describe('a run', () => {
  const refusing = (steps: readonly RuleStep[]) => {
    const step = steps.findIndex(({ kind }) => kind === 'rules');
    return Promise.resolve({ ...ok, stdout: `@@ refused ${step} 3\nno such match\n` });
  };

  it('makes no lab for a scenario whose rules are refused', async () => {
    const { results, calls } = await runAll({ tryRules: refusing });
    expect(calls).toEqual([]);
    expect(results[0]?.error).toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(/scenario\.yaml:\d+:5: no such match \(rules of director\)/) as string,
    });
  });

  it('tries the same rules once for scenarios that differ in what clients do, and tells each its own places', async () => {
    const tried: RuleStep[] = [];
    const noting = (steps: readonly RuleStep[]) => {
      tried.push(...steps);
      return refusing(steps);
    };
    const { results } = await runAll({ tryRules: noting }, {}, (one) => [
      one,
      { ...one, id: 'close/other', file: '/site/other.yaml', load: { ...one.load, connections: 3 } },
    ]);
    expect(tried.filter(({ kind }) => kind === 'rules')).toHaveLength(1);
    expect(
      results.map(({ error }) => /(\w+)\.yaml:\d+:5: no such match/.exec(error?.message ?? '')?.[1]),
    ).toEqual(['scenario', 'other']);
  });

  it('tries out what the scenario loads, and goes on when nothing is refused, or says that nothing could be tried', async () => {
    const tried: (readonly RuleStep[])[] = [];
    const taking = (steps: readonly RuleStep[]) => {
      tried.push(steps);
      return Promise.resolve(ok);
    };
    const taken = await runAll({ tryRules: taking });
    expect(taken.results[0]?.verdict?.result).toBe('pass');
    expect(taken.events.filter(({ type }) => type === 'engine-note')).toEqual([]);
    expect(tried).toHaveLength(1);
    expect(tried[0]?.map(({ text }) => text).join(' ')).toContain(
      '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
    );
    const failing = () => Promise.reject(new Error('no container'));
    const untried = await runAll({ tryRules: failing });
    expect(untried.results[0]?.verdict?.result).toBe('pass');
    expect(untried.events).toContainEqual({
      type: 'engine-note',
      message:
        "the scenarios' own rules could not be tried out beforehand (no container); what is refused of them is told when they are loaded",
    });
  });
});
