import { describe, expect, it } from 'vitest';
import type { NodeEvidence, RuleCount } from '../../../../src/evidence/model/evidence.js';
import { idleRulesLines } from '../../../../src/report/console/idleRulesText.js';
import { idleRules } from '../../../../src/verdict/rules/idleRules.js';

const rule = (text: string, packets: number | undefined, chain = 'INPUT'): RuleCount => ({
  family: 'ip',
  table: 'filter',
  chain,
  rule: text,
  packets,
});
const idleOf = (...rules: RuleCount[]) =>
  idleRules({ nodes: [{ name: 'director', rules } as unknown as NodeEvidence] });

describe('rules that no packet matched', () => {
  it('are those that counted nothing where others, or the policy, did', () => {
    expect(idleOf(rule('-A INPUT -i bond0 -j DROP', 0), rule('-A INPUT -j ACCEPT', 7))).toEqual([
      { node: 'director', rule: '-A INPUT -i bond0 -j DROP' },
    ]);
    expect(idleOf(rule('-P INPUT ACCEPT', 3), rule('-A INPUT -i bond0 -j DROP', 0))).toHaveLength(1);
  });

  it('are not those of chains that no packet came to, nor those that do not count, nor policies', () => {
    expect(idleOf(rule('-A OTHER -j DROP', 0, 'OTHER'), rule('-A INPUT -j ACCEPT', 7))).toBeUndefined();
    expect(idleOf(rule('iifname "bond0" drop', undefined), rule('accept', 7))).toBeUndefined();
    expect(idleOf(rule('-P INPUT DROP', 0), rule('-A INPUT -j ACCEPT', 7))).toBeUndefined();
    expect(idleOf(rule('-A INPUT -i bond0 -j DROP', 1), rule('-A INPUT -j ACCEPT', 7))).toBeUndefined();
  });

  it('are shown by node, no more than a terminal’s worth', () => {
    const idle = Array.from({ length: 11 }, (_, index) => ({
      node: 'director',
      rule: `-A INPUT -s 192.0.2.${index}`,
    }));
    expect(idleRulesLines({ idle: idle.slice(0, 1) })).toEqual([
      '  rules on director that no packet matched:\n    -A INPUT -s 192.0.2.0',
    ]);
    expect(idleRulesLines({ idle })[0]?.split('\n').at(-1)).toBe('    and 3 more');
    expect(idleRulesLines({ idle: undefined })).toEqual([]);
  });
});
