import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryPage } from '../../../../src/report/pages/libraryPage.js';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { plainScenario, richScenario } from '../scenarios.js';

describe('the page about the scenarios', () => {
  it('is the one in docs/; `npm run docs` writes it', async () => {
    const written = await readFile(join(packageRoot, 'docs/scenarios.md'), 'utf8');
    expect(written).toBe(libraryPage(await listScenarios()));
  });

  it('has a table of contents by topic, with the anchors that GitHub gives the headings', () => {
    const other = { ...plainScenario, id: 'close/other' };
    const page = libraryPage([plainScenario, other, richScenario]);
    expect(page).toContain(
      [
        '- [close](#close)',
        '  - [close/example](#closeexample): An example',
        '  - [close/other](#closeother): An example',
        '- [sysctl](#sysctl)',
        '  - [sysctl/rich-example](#sysctlrich-example): All there is, with \\*stars\\*',
        '',
        '## By symptom',
        '',
      ].join('\n'),
    );
    expect(page).toContain(
      '- **Connections work and cannot close: sockets pile up in FIN-WAIT-2, FIN-WAIT-1, LAST-ACK or ESTABLISHED:**\n  - [sysctl/rich-example](#sysctlrich-example): ',
    );
    expect(page).toContain('## close\n\n### close/example');
  });

  it('has what there is to say of a scenario', () => {
    const lines = libraryPage([richScenario]).split('### sysctl/rich-example\n')[1]?.split('\n');
    expect(lines).toEqual([
      '',
      '**All there is, with \\*stars\\***',
      '',
      'An operator sees \\<nothing>.',
      '',
      'Then it stops; `a*b*c` and tcp_conntracks[x][y] stay.',
      '',
      '_Why:_ ip_vs_notrack() throws it away; net.ipv4.vs.\\* say when.',
      '',
      '- Expected: close-blocked with ICMP 3/10 (host-prohibited) from director, flows transfer-blocked',
      expect.stringMatching(/^- Topology: tunnelling \(TUN\), IPv6, /),
      expect.stringMatching(/^- Load: 20 connections, /),
      expect.stringMatching(/^- Flows: 40000 conversations, /),
      expect.stringMatching(/^- Expected of the flows: transfer-blocked, stuck at least 99.5 %, /),
      '- Rules and sysctls:',
      '  - director: iptables rules (legacy), `nft list ruleset`, `net.ipv4.vs.conntrack=1`',
      '  - realserver: IP sets, ip6tables rules (nft), nftables rules',
      '- Events:',
      expect.stringMatching(/^ {2}- when the sockets have settled, director loads /),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^ {2}- \S/) as unknown),
      '- Measured on: 6.1.0-56-amd64, 6.12.57',
      '- Mutation: the rules are not loaded',
      '- See: <https://example.org/report>, [lab 7: It \\*works\\*](https://example.org/other)',
      '- File: [scenarios/sysctl/rich-example.yaml](../scenarios/sysctl/rich-example.yaml)',
      '',
    ]);
  });

  it('says none where a scenario has none, and leaves out what it has not', () => {
    const page = libraryPage([plainScenario]);
    expect(page).toContain('- Rules and sysctls: none\n- Measured on: not recorded\n- File: ');
    expect(page).not.toMatch(/^- (Flows|Expected of|Events|Mutation|See)/m);
  });
});
