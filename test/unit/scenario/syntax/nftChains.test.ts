import { describe, expect, it } from 'vitest';
import { nftChains } from '../../../../src/scenario/syntax/nftChains.js';
import { nftTextStatements } from '../../../../src/scenario/syntax/nftStatements.js';

const chains = (text: string) => nftChains(nftTextStatements(text));

describe('chains of nft', () => {
  it('have hook, policy, devices and rules', () => {
    const text =
      'table inet f {\n chain in {\n  type nat hook input priority 0; policy drop;\n  tcp dport 80 accept\n }\n' +
      ' chain dev { type filter hook ingress device "eth4" priority 0; drop }\n chain x { accept }\n}';
    const found = chains(text);
    const one = found.get('inet f in');
    expect(one?.heading).toMatchObject({ hook: 'INPUT', hookName: 'input', isNat: true });
    expect(one?.policy?.value).toBe('drop');
    expect(one?.families).toEqual(['ipv4', 'ipv6']);
    expect(one?.rules.map(({ line }) => line)).toEqual([4]);
    expect(found.get('inet f dev')).toMatchObject({ devices: ['eth4'], heading: { hook: 'PREROUTING' } });
    expect(found.get('inet f x')).toMatchObject({ devices: [], heading: undefined, policy: undefined });
  });

  it('are those of several texts together, and of families that there are', () => {
    const text =
      'table ip f { chain a { accept } }\nadd rule ip f a drop\ntable bogus q { chain i { drop } }\n';
    expect([...chains(text).values()].map(({ name, rules }) => [name, rules.length])).toEqual([['a', 2]]);
  });
});
