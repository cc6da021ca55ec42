import { describe, expect, it } from 'vitest';
import { parseNftTrace } from '../../../../../src/evidence/listings/packetFilter/nftTrace.js';

const packet = (id: string, flags: string, where = 'inet f input') =>
  `trace id ${id} ${where} packet: iif "eth0" ether saddr 02:42:c6:12:00:02 ip saddr 198.18.0.2 ip daddr 198.18.0.9 ip protocol tcp tcp sport 40000 tcp dport 80 tcp flags == ${flags} tcp window 64240 `;

describe('a trace of nft', () => {
  it('tells what a rule did with each kind of packet', () => {
    const text = [
      packet('8c0e1a0b', 'syn', 'ip lvs-lab-trace arriving'),
      'trace id 8c0e1a0b ip lvs-lab-trace arriving rule iifname != "lo" meta nftrace set 1 (verdict continue)',
      'trace id 8c0e1a0b ip lvs-lab-trace arriving policy accept ',
      packet('8c0e1a0b', 'syn'),
      'trace id 8c0e1a0b inet f input rule tcp dport 80 counter packets 3 bytes 180 accept (verdict accept)',
      packet('8c0e1a0c', '0x11'),
      'trace id 8c0e1a0c inet f input rule ct state invalid drop (verdict drop)',
      packet('8c0e1a0d', '0x11'),
      'trace id 8c0e1a0d inet f input rule ct state invalid drop (verdict drop)',
      '',
    ].join('\n');
    const place = { family: 'inet', table: 'f', chain: 'input' };
    expect(parseNftTrace(text).filter(({ table }) => table === 'f')).toEqual([
      {
        ...place,
        rule: 'tcp dport 80 accept',
        verdict: 'accept',
        packet: 'TCP SYN',
        packets: 1,
        clients: ['40000'],
      },
      {
        ...place,
        rule: 'ct state invalid drop',
        verdict: 'drop',
        packet: 'TCP FIN,ACK',
        packets: 2,
        clients: ['40000'],
      },
    ]);
  });

  it('has a policy as the rule that the listing has', () => {
    const text = `${packet('1', 'fin | ack', 'ip filter INPUT')}\ntrace id 1 ip filter INPUT policy drop \n`;
    expect(parseNftTrace(text)).toEqual([
      {
        ...{ family: 'ip', table: 'filter', chain: 'INPUT' },
        ...{ rule: '-P INPUT DROP', verdict: 'drop', packet: 'TCP FIN,ACK', packets: 1, clients: [] },
      },
    ]);
  });

  it('tells connections apart by the port that their SYN came from, in both directions', () => {
    const segment = (id: string, ports: string, flags: string, verdict: string) =>
      `trace id ${id} ip f i packet: ip saddr 198.18.0.2 tcp ${ports} tcp flags == ${flags} tcp window 1\ntrace id ${id} ip f i rule counter ${verdict} (verdict ${verdict})`;
    const text = [
      segment('1', 'sport 40000 tcp dport 80', 'syn', 'accept'),
      segment('2', 'sport 40001 tcp dport 80', 'syn', 'accept'),
      segment('3', 'sport 80 tcp dport 40000', '0x12', 'drop'),
      segment('4', 'sport 40000 tcp dport 8080', 'ack', 'drop'),
    ].join('\n');
    const dropped = parseNftTrace(text).filter(({ verdict }) => verdict === 'drop');
    expect(new Set(dropped.flatMap(({ clients }) => clients))).toEqual(new Set(['40000']));
    const both = text.replace('sport 40000 tcp dport 8080', 'sport 40001 tcp dport 8080');
    const others = parseNftTrace(both).filter(({ verdict }) => verdict === 'drop');
    expect(others.flatMap(({ clients }) => clients)).toEqual(['40000', '40001']);
  });

  it('passes over what only leads on, what is no trace, and a last line that was cut', () => {
    const text = [
      packet('1', 'ack'),
      'trace id 1 inet f input rule jump other (verdict jump other)',
      'trace id 1 inet f input rule goto other (verdict goto other)',
      'trace id 1 inet f input verdict continue ',
      'netlink: Error: buffer overrun',
      'trace id 1 inet f input rule ct state invalid dr',
    ].join('\n');
    expect(parseNftTrace(text)).toEqual([]);
  });

  it('knows ICMP and UDP from TCP', () => {
    const line = (header: string) =>
      `trace id 1 ip f i packet: iif "eth0" ip saddr 1.2.3.4 ${header}\ntrace id 1 ip f i policy drop `;
    const of = (header: string) => parseNftTrace(line(header))[0]?.packet;
    expect(of('icmp type destination-unreachable icmp code host-prohibited')).toBe('ICMP');
    expect(of('icmpv6 type nd-neighbor-solicit')).toBe('ICMP');
    expect(of('udp sport 8848 udp dport 8848')).toBe('UDP');
    expect(of('ip protocol ipip')).toBe('other');
  });
});
