import { describe, expect, it } from 'vitest';
import {
  fillPlaceholders,
  placeholderNames,
  unknownPlaceholders,
} from '../../../../../src/scenario/plan/commands/placeholders.js';
import { nodeOf, planOf } from '../../planning.js';
import { minimal, problemsOf } from '../../scenarioFile.js';

describe('placeholders', () => {
  it('are those of the nodes that there are', () => {
    expect(placeholderNames({ network: 'routed', directors: 2, realservers: 1 })).toEqual([
      'VIP',
      'LAN',
      'CLIENT',
      'ROUTER',
      'DIRECTOR',
      'DIRECTOR2',
      'REALSERVER1',
    ]);
  });

  it('are found where they are unknown, each once', () => {
    expect(unknownPlaceholders('${VIP} ${X} $VIP ${X} ${} {VIP}', ['VIP'])).toEqual([
      { name: 'X', line: 1 },
      { name: '', line: 1 },
    ]);
    expect(unknownPlaceholders('${VIP}\n$${X}\n${X} ${X}\n${X}', ['VIP'])).toEqual([{ name: 'X', line: 3 }]);
    expect(unknownPlaceholders('${A} ${B}\n\n${C}\n${D}', [])).toEqual([
      { name: 'A', line: 1 },
      { name: 'B', line: 1 },
      { name: 'C', line: 3 },
      { name: 'D', line: 4 },
    ]);
  });

  it('with a second `$` stand for themselves', () => {
    expect(unknownPlaceholders('$${X} ${X}', [])).toEqual([{ name: 'X', line: 1 }]);
    expect(unknownPlaceholders('$${X} $$${VIP}', [])).toEqual([]);
    expect(fillPlaceholders('$${HOME} ${VIP} $$${VIP} $$', { VIP: '1' })).toBe('${HOME} 1 $${VIP} $$');
  });

  it('are filled in everywhere, and nothing else is touched', () => {
    expect(fillPlaceholders('${VIP}:80 $1 $VIP ${VIP}', { VIP: '$&' })).toBe('$&:80 $1 $VIP $&');
    expect(() => fillPlaceholders('${VIP}', {})).toThrow(RangeError);
  });
});

describe('placeholders in a scenario', () => {
  const everywhere = `topology: { family: FAMILY, network: routed }
director:
  ipset: add a \${CLIENT}
  rules: "*filter\\n-A INPUT -s \${REALSERVER2} -d \${VIP}\\nCOMMIT"
  rules6: "*filter\\n-A INPUT -s \${DIRECTOR}\\nCOMMIT"
  nftables: add rule \${ROUTER}
  commands: ['iptables -s \${LAN}']
events: [{ at: connected, on: client, run: 'ping \${VIP}' }]
`;

  it('become addresses, wherever they stand', async () => {
    const plan = await planOf(everywhere.replace('FAMILY', 'ipv4'));
    expect(nodeOf(plan, 'director').rules?.texts).toEqual({
      ipset: 'add a 198.18.8.10\n',
      rules: '*filter\n-A INPUT -s 198.18.7.32 -d 198.18.7.100\nCOMMIT\n',
      rules6: '*filter\n-A INPUT -s 198.18.7.20\nCOMMIT\n',
      nftables: 'add rule 198.18.7.5\n',
      commands: 'iptables -s 198.18.7.0/24',
    });
    expect(plan.events[0]?.steps[0]?.command.argv).toEqual(['sh', '-c', 'ping 198.18.7.100']);
  });

  it("become addresses of the scenario's family", async () => {
    const plan = await planOf(everywhere.replace('FAMILY', 'ipv6'));
    expect(nodeOf(plan, 'director').rules?.texts).toMatchObject({
      ipset: 'add a fd6c:7673:c612:800::10\n',
      nftables: 'add rule fd6c:7673:c612:700::5\n',
      commands: 'iptables -s fd6c:7673:c612:700::/64',
    });
  });

  it('that are unknown are shown where they stand', async () => {
    const known = '(`${VIP}`, `${LAN}`, `${CLIENT}`, `${DIRECTOR}`, `${REALSERVER1}`, `${REALSERVER2}`)';
    expect(
      await problemsOf(`${minimal}director:
  rules: "*filter\\n-s \${ROUTER}\\nCOMMIT"
client:
  commands: [iptables -L, 'iptables -d \${VPI}']
events:
  - { at: settled, on: client, run: 'echo \${REALSERVER3}' }
`),
    ).toEqual([
      `FILE:8:10: expected a placeholder of this topology ${known}, found \`\${ROUTER}\`; \`$\${ROUTER}\` stands for the text itself`,
      `FILE:10:27: expected a placeholder of this topology ${known}, found \`\${VPI}\`; did you mean \`VIP\`?`,
      `FILE:12:37: expected a placeholder of this topology ${known}, found \`\${REALSERVER3}\`; did you mean \`REALSERVER1\`?`,
    ]);
  });
});
