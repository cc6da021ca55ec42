import { describe, expect, it } from 'vitest';
import type { RuleSource } from '../../../../../src/evidence/model/tracedRecord.js';
import type { RuleCount } from '../../../../../src/evidence/model/ruleCount.js';
import { NodeRules } from '../../../../../src/verdict/explanation/packets/knownRule.js';

const listed = (
  rules: readonly string[],
  place = { family: 'ip', table: 'filter', chain: 'INPUT' },
): RuleCount[] => rules.map((rule) => ({ ...place, rule, packets: 0 }));
const source = (kind: RuleSource['kind'], text: string, line = 1, byLine = true): RuleSource => ({
  ...{ kind, text, line, byLine, file: 'mine' },
});
const step = (rule: string | number, table = 'filter', chain = 'INPUT') => ({
  ...{ family: 'ip', table, chain, rule, verdict: undefined },
});
const text =
  '*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n# why\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n';
const rules = listed([
  '-P INPUT DROP',
  '-A INPUT -i lo -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT',
]);

describe('a rule that a packet met', () => {
  it('is told by its number, and by the line that it is written on however it is spelled', () => {
    const node = new NodeRules(rules, [source('rules', text, 20)]);
    expect(node.of(step(2)).written).toEqual({
      text: '-A INPUT -p tcp --dport 80 -j ACCEPT',
      file: 'mine',
      line: 24,
    });
    expect(node.of(step('-P INPUT')).written?.line).toBe(21);
    expect(node.turnsAway(step('-P INPUT'))).toBe(true);
    expect(node.turnsAway(step(1))).toBe(false);
  });

  it('stands where commands have put it, or none of the lines is it for certain', () => {
    const own = source('commands', 'iptables -I INPUT -s 192.0.2.1 -j DROP', 40, false);
    const dropped = listed(['-A INPUT -s 192.0.2.1/32 -j DROP']);
    const before = new NodeRules([...dropped, ...rules], [source('rules', text), own]);
    expect(before.of(step(1)).written).toMatchObject({ line: 40 });
    expect(before.of(step(3)).written).toMatchObject({ line: 5 });
    const unknown = new NodeRules([...dropped, ...rules], [source('rules', text)]);
    expect(unknown.of(step(1)).written).toBeUndefined();
    expect(unknown.of(step(2)).written).toMatchObject({ line: 3 });
  });

  it('is of a table that was restored once more, as that was the last time', () => {
    const again = source('rules', '*filter\n-A INPUT -j DROP\nCOMMIT\n', 60);
    const node = new NodeRules(listed(['-A INPUT -j DROP']), [source('rules', text), again]);
    expect(node.of(step(1)).written).toMatchObject({ line: 61 });
  });

  it('is of nftables by its place in its chain, and the policy by its statement', () => {
    const nft =
      'table inet f {\n  chain in {\n    type filter hook input priority 0; policy drop;\n    iif lo accept\n    ct state invalid drop\n  }\n}\n';
    const place = { family: 'inet', table: 'f', chain: 'in' };
    const node = new NodeRules(listed(['-P in DROP', 'iif "lo" accept', 'ct state invalid drop'], place), [
      source('nftables', nft, 10),
    ]);
    const met = (rule: string) => node.of({ ...place, rule, verdict: 'drop' });
    expect(met('ct state invalid drop').written).toMatchObject({ line: 14 });
    expect(met('-P in DROP').written).toMatchObject({ line: 12 });
    expect(met('gone').written).toBeUndefined();
  });

  it('is none of those that the lab has put there', () => {
    const own = listed(['-A PREROUTING -j LVS-LAB-TRACE', '-A PREROUTING -p tcp -j CT --notrack'], {
      ...{ family: 'ip', table: 'raw', chain: 'PREROUTING' },
    });
    expect(new NodeRules(own, []).of(step(1, 'raw', 'PREROUTING')).text).toBe(
      '-A PREROUTING -p tcp -j CT --notrack',
    );
  });
});
