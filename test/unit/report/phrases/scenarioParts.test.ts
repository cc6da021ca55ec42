import type { Load } from '../../../../src/contracts/agents/load.js';
import { describe, expect, it } from 'vitest';
import {
  scenarioEventText,
  loadText,
  settingsText,
  topologyText,
} from '../../../../src/report/phrases/scenarioParts.js';
import { plainScenario, richScenario } from '../scenarios.js';

describe('a topology in words', () => {
  it('names what is always there, and nothing else', () => {
    expect(topologyText(plainScenario.topology)).toBe(
      'direct routing (DR), IPv4, one network, 1 director, 2 realservers, port 80 (rr)',
    );
  });

  it('names everything that is out of the ordinary', () => {
    expect(topologyText(richScenario.topology)).toBe(
      'tunnelling (TUN), IPv6, the client behind a router, 2 directors, which tell each other about connections, ' +
        '1 realserver, a local realserver on the director, replies through the director, ' +
        'port 80 (wlc, persistent for 60 s), port 8000 (rr, by firewall mark 1), ' +
        'the link of client delays by 20 ms and loses 1 % of packets, the link of realserver1 loses 0.5 % of packets',
    );
  });
});

describe('settings in words', () => {
  it('are none for a role that has none', () => {
    expect(settingsText(plainScenario.roles.director)).toBeUndefined();
  });

  it('name rules by kind and flavour, commands and sysctls as they are', () => {
    expect(settingsText(richScenario.roles.director)).toBe(
      'iptables rules (legacy), `nft list ruleset`, `net.ipv4.vs.conntrack=1`',
    );
    expect(settingsText(richScenario.roles.realserver)).toBe(
      'IP sets, ip6tables rules (nft), nftables rules',
    );
  });
});

describe('a load in words', () => {
  const words = (changes: Partial<Load>) => loadText({ ...plainScenario.load, ...changes });

  it('is short for the plainest one', () => {
    expect(words({})).toBe('10 connections; the realserver closes first');
  });

  it('has everything that was asked for', () => {
    expect(loadText(richScenario.load)).toBe(
      '20 connections, one every 100 ms, 3 requests on each, uploading 64 KiB, downloading 1 MiB, at 32 KiB a second, ' +
        'silent for 5 s before it closes, with a blocking connect(), from local ports that the kernel picks; ' +
        'the client resets the connection; each is opened again from the same port, and the second one is judged',
    );
  });

  it.each([
    ['client', 'fin', 'the client closes first'],
    ['client', 'half-close', 'the client closes its direction and waits for the reply (half-close)'],
    ['server', 'fin', 'the realserver closes first'],
  ] as const)('says that the %s ends with %s', (first, how, text) => {
    expect(words({ close: { first, how, after: 0 } })).toBe(`10 connections; ${text}`);
  });

  it('says before what a client is silent whose server closes', () => {
    expect(words({ idle: 5 })).toContain('silent for 5 s before the last request');
    expect(words({ idle: 5, close: { first: 'client', how: 'fin', after: 0 } })).toContain(
      'before it closes',
    );
  });

  it('says how late a busy client follows', () => {
    expect(words({ close: { first: 'server', how: 'fin', after: 4 } })).toBe(
      '10 connections; the realserver closes first, and the client follows 4 s later',
    );
  });

  it('has no interval for a single connection', () => {
    expect(words({ connections: 1, every: 1 })).toBe('1 connection; the realserver closes first');
  });
});

describe('an event in words', () => {
  it('says when, where and what', () => {
    expect(richScenario.events.map(scenarioEventText)).toEqual([
      'when the sockets have settled, director loads iptables rules (nft) and runs `iptables -F`',
      '2 s after every connection is open, client sets `net.ipv4.tcp_retries2=3`',
      'when every connection is open, realserver1 runs `conntrack -F`',
      '500 ms after every connection is open, realserver1 loses its server program, and keeps its kernel',
      '1 s after every connection is open, director2 takes the VIP over',
    ]);
  });
});
