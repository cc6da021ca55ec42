import { describe, expect, it } from 'vitest';
import { parseNftRuleset } from '../../../../../src/evidence/listings/packetFilter/nftables.js';

// The layout of nft 1.0.6: tabs, one statement a line, long sets broken over lines.
const ruleset = `table inet filter {
	set blocked {
		type ipv4_addr
		elements = { 192.0.2.1,
			     192.0.2.2 }
	}

	counter refused {
		packets 7 bytes 420
	}

	chain input {
		comment "what comes in"
		type filter hook input priority filter; policy drop;
		iif "lo" accept
		ct state { established, related } accept
		ct state vmap { invalid : drop, established : accept,
				related : accept }
		tcp dport 80 ct state new counter packets 5 bytes 300 accept
		log prefix "refused { " counter packets 3 bytes 180 reject with icmp host-prohibited
		counter packets 2 bytes 80 drop comment "the rest"
	}

	chain helper {
		tcp dport { 80, 8000 } return
	}
}
# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy accept;
		counter packets 9 bytes 540 reject with icmp host-prohibited
	}
}
table ip lab {
	chain out {
		type filter hook output priority filter; policy accept;
	}
}
`;

describe('parseNftRuleset', () => {
  const rules = parseNftRuleset(ruleset);

  it('reads the rules of all tables, with what their counters say and without the counters', () => {
    expect(rules.map(({ chain, rule, packets }) => [chain, rule, packets])).toEqual([
      ['input', '-P input DROP', undefined],
      ['input', 'iif "lo" accept', undefined],
      ['input', 'ct state { established, related } accept', undefined],
      ['input', 'ct state vmap { invalid : drop, established : accept, related : accept }', undefined],
      ['input', 'tcp dport 80 ct state new accept', 5],
      ['input', 'log prefix "refused { " reject with icmp host-prohibited', 3],
      ['input', 'drop comment "the rest"', 2],
      ['helper', 'tcp dport { 80, 8000 } return', undefined],
      ['INPUT', '-P INPUT ACCEPT', undefined],
      ['INPUT', 'reject with icmp host-prohibited', 9],
      ['out', '-P out ACCEPT', undefined],
    ]);
    expect(rules[0]).toMatchObject({ family: 'inet', table: 'filter' });
  });

  it('has the elements of the named verdict map that a rule looks up', () => {
    const map = (elements: string) =>
      parseNftRuleset(
        `table inet f {\n\tmap m {\n\t\ttype ct_state : verdict\n\t\telements = { ${elements} }\n\t}\n\tchain c {\n\t\tct state vmap @m\n\t}\n}\n`,
      );
    expect(map('invalid : drop,\n\t\t\t     new : accept')[0]?.elements).toBe('invalid : drop, new : accept');
    expect(map('new : accept')[0]?.elements).toBe('new : accept');
  });

  it("takes no element's counter for the rule's", () => {
    const text = (rule: string) => `table inet f {\n\tchain c {\n\t\t${rule}\n\t}\n}\n`;
    const inMap = 'ct state vmap { invalid counter packets 5 bytes 300 : drop }';
    expect(parseNftRuleset(text(inMap))[0]).toMatchObject({ rule: inMap, packets: undefined });
    const both = 'counter packets 7 bytes 420 ct state vmap { invalid counter packets 5 bytes 300 : drop }';
    expect(parseNftRuleset(text(both))[0]).toMatchObject({ rule: inMap, packets: 7 });
  });

  it('counts by a named counter as long as one rule alone adds to it', () => {
    const text = (...rules: string[]) =>
      `table inet f {\n\tcounter refused {\n\t\tpackets 7 bytes 420\n\t}\n\tchain c {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
    const one = 'tcp dport 81 counter name "refused" drop';
    const packetsOf = (...rules: string[]) => parseNftRuleset(text(...rules)).map(({ packets }) => packets);
    expect(packetsOf(one)).toEqual([7]);
    expect(packetsOf(one, 'counter name "refused" drop')).toEqual([undefined, undefined]);
    expect(packetsOf('accept comment "counter name refused"')).toEqual([undefined]);
  });

  it('reads no rules from no output', () => {
    expect(parseNftRuleset('')).toEqual([]);
  });

  it.each(['netlink: Error: cache initialization failed: Operation not permitted', 'chain x {\n\taccept\n}'])(
    'refuses %j',
    (text) => {
      expect(() => parseNftRuleset(text)).toThrow(/nft list ruleset/);
    },
  );
});
