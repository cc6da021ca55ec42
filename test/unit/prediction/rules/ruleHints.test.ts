import { describe, expect, it } from 'vitest';
import { filtersOf } from '../../../../src/prediction/filters.js';

const hints = (rules: readonly string[], ipset = '') =>
  filtersOf({
    rules: [
      { kind: 'iptables-save', name: 'rules', text: ['*filter', ...rules, 'COMMIT', ''].join('\n') },
      { kind: 'ipset', name: 'sets', text: ipset },
    ],
  }).problems.map(({ done, at, message }) => `${done} ${at?.line}: ${message}`);

describe('hints on rules', () => {
  it.each([
    ['-A INPUT -s ! 10.0.0.0/8 -j DROP', '`-s !` is read as `! -s`'],
    ['-A INPUT -s www.example.com -j DROP', '`www.example.com` is a name'],
    ['-A INPUT -d x.x.x.10/32 -j DROP', 'the address `x.x.x.10` is hidden'],
    ['-A INPUT -s ***.***.***.*** -j DROP', 'the address `***.***.***.***` is hidden'],
    ['-A OUTPUT -m owner --uid-owner alice -j ACCEPT', 'the user `alice`'],
    ['-A OUTPUT -m owner --gid-owner staff -j ACCEPT', 'the group `staff`'],
    ['-A INPUT -m set --match-set white src -j ACCEPT', 'the set `white` is in no file'],
  ])('tell of %s', (rule, told) => {
    expect(hints([rule])).toEqual([expect.stringContaining(`noted 2: ${told}`)]);
    expect(hints([rule.replaceAll(' ', '  ')])).toHaveLength(1);
  });

  it.each([
    '-A INPUT ! -s 10.0.0.0/8 -j DROP',
    '-A INPUT -s 192.0.2.1,198.51.100.0/255.255.255.0 -j DROP',
    '-A OUTPUT -m owner --uid-owner 1000-1005 -j ACCEPT',
    '-A INPUT -m comment --comment "-s ! www.example.com" -j ACCEPT',
    '-A INPUT -m recent --set --name white -j ACCEPT',
  ])('tell nothing of %s', (rule) => {
    expect(hints([rule])).toEqual([]);
  });

  it('know sets that are among the files', () => {
    const rule = '-A INPUT -m set --match-set white src -j ACCEPT';
    expect(hints([rule], 'create white hash:ip family inet\n')).toEqual([]);
    expect(hints([rule], 'create black hash:ip family inet\n')).toHaveLength(1);
  });

  it('are told once each, whatever many lines have it', () => {
    const rules = Array.from(
      { length: 10_000 },
      (_, at) => `-A INPUT -s x.x.x.x -p tcp --dport ${at} -j DROP`,
    );
    expect(hints([...rules, '-A INPUT -s ! 10.0.0.0/8 -j DROP'])).toEqual([
      expect.stringMatching(
        /^noted 2: the address `x\.x\.x\.x` is hidden: .*; also in lines 3, 4, 5, 6, 7 and 9994 more$/,
      ),
      expect.stringMatching(/^noted 10002: /),
    ]);
  });

  it('name sets of nft that no file makes', () => {
    const text = (set: string) =>
      `table ip t {\n${set}\n  chain c {\n    type filter hook input priority 0;\n    ip saddr @white accept\n  }\n}\n`;
    const problems = (set: string) =>
      filtersOf({ rules: [{ kind: 'nft', name: 'rules', text: text(set) }] }).problems;
    expect(problems('')).toMatchObject([{ done: 'noted', at: { line: 5 } }]);
    expect(problems('  set white { type ipv4_addr; }')).toEqual([]);
  });
});
