import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

const director = (interfaces: string, texts: string) =>
  `${minimal}director:\n  interfaces: { ${interfaces} }\n${texts}`;

/** Two chains that have the names of two interfaces. */
const chains = (one: string, other: string) => `  rules: |
    *filter
    :INPUT ACCEPT [0:0]
    :${one} - [0:0]
    :${other} - [0:0]
    -A INPUT -i lan -j ${one}
    -A INPUT -i wan -j ${other}
    -A ${one} -j ACCEPT
    -A ${other} -j DROP
    COMMIT
`;

describe("a site's name of an interface", () => {
  it('may not be that of a chain too, for two chains would become one', async () => {
    const problems = await problemsOf(director('lan: eth0, wan: eth0', chains('lan', 'wan')));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('found `lan`, which is also that of a chain');
    const apart = await scenarioOf(director('lan: eth0, wan: eth0', chains('from-lan', 'from-wan')));
    expect(apart.roles.director.rules).toContain('-A INPUT -i eth0 -j from-lan');
  });

  it.each([
    ['INPUT: eth0', chains('a', 'b'), 'chain'],
    ['filter: none', chains('a', 'b'), 'table'],
    ['bond0: eth0', '  commands: [iptables -N bond0]\n', 'chain'],
    ['bond0: eth0', '  ipset: create bond0 hash:ip\n', 'set'],
    ['bond0: eth0', '  nftables: "table ip x { chain bond0 { } }"\n', 'chain'],
    ['bond0: eth0', '  nftables: "table inet bond0 { }"\n', 'table'],
    ['bond0: eth0', '  nftables: "table ip x { set bond0 { type ipv4_addr; } }"\n', 'set'],
  ])('is refused: %s with %j', async (interfaces, texts, what) => {
    const problems = await problemsOf(director(interfaces, texts));
    expect(problems).toEqual([expect.stringContaining(`also that of a ${what} in the rules`)]);
  });

  it('may stand in the rules as that of an interface', async () => {
    const texts = '  nftables: "table ip x { chain y { iifname \\"bond0\\" accept; } }"\n';
    const { roles } = await scenarioOf(director('bond0: eth0', texts));
    expect(roles.director.nftables).toContain('iifname "eth0"');
  });
});
