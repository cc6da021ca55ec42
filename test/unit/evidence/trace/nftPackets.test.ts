import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNftPackets } from '../../../../src/evidence/trace/nftPackets.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const recorded = readFileSync(path.join(packageRoot, 'test', 'fixtures', 'traces', 'stock.trace'), 'utf8');

describe('what nft said of packets that were followed', () => {
  it('is a packet each time, although the kernel used an id again', () => {
    const packets = parseNftPackets(recorded);
    expect(packets.map(({ way, kind, state }) => [way, kind, state].join(' ').trim())).toEqual([
      'arrived TCP SYN NEW',
      'left TCP SYN,ACK',
      'arrived TCP ACK ESTABLISHED',
      'arrived TCP PSH,ACK ESTABLISHED',
      'left TCP ACK',
      'arrived TCP FIN,ACK ESTABLISHED',
      'left TCP PSH,ACK',
      'arrived TCP RST ESTABLISHED',
      'arrived TCP SYN NEW',
      'left ICMP',
    ]);
    expect(recorded.match(/trace id d2f2c9f3 ip lvs-lab-trace arriving packet:/g)).toHaveLength(2);
  });

  it('has the rules that a packet met, without counters and without those of the lab', () => {
    const refused = parseNftPackets(recorded).find(({ destinationPort }) => destinationPort === 81);
    expect(refused).toMatchObject({
      source: '10.9.0.1',
      destination: '10.9.0.2',
      sourcePort: 46_770,
      id: 57_641,
    });
    expect(refused?.steps).toEqual([
      { family: 'ip', table: 'filter', chain: 'INPUT', rule: 'jump SUB', verdict: 'jump' },
      {
        ...{ family: 'ip', table: 'filter', chain: 'INPUT', verdict: 'drop' },
        rule: 'reject with icmp type host-prohibited',
      },
    ]);
    const answer = parseNftPackets(recorded).at(-1);
    expect(answer).toMatchObject({
      message: 'destination-unreachable host-prohibited',
      destination: '10.9.0.1',
    });
    expect(answer?.steps.map(({ rule }) => rule)).toEqual(['-P OUTPUT ACCEPT']);
  });

  it('has no packet of which the beginning was missed, and none of what is no trace', () => {
    const cut = recorded.slice(recorded.indexOf('ip filter INPUT packet'));
    expect(parseNftPackets(cut)[0]?.kind).toBe('TCP SYN,ACK');
    expect(parseNftPackets('conntrack v1.4.7\n')).toEqual([]);
  });

  it('has datagrams with their ports, and the limit that let some of them in', () => {
    const said = readFileSync(
      path.join(packageRoot, 'test', 'fixtures', 'traces', 'datagrams.trace'),
      'utf8',
    );
    const arrived = parseNftPackets(said).filter(({ way }) => way === 'arrived');
    expect(arrived[0]).toMatchObject({ kind: 'UDP', destinationPort: 53, state: 'NEW' });
    expect(arrived[0]?.sourcePort).toBeGreaterThan(1023);
    const limited = 'meta l4proto udp ct state new udp dport 53 limit rate 1/minute burst 2 packets accept';
    expect(arrived.map(({ steps }) => steps.map(({ rule }) => rule))).toEqual([
      ...[[limited], [limited], ['reject'], ['reject'], ['reject']],
    ]);
  });

  it('has the state that newer kernels tell themselves', () => {
    const begun =
      'trace id 1 ip lvs-lab-trace arriving packet: ip saddr 10.0.0.1 ip daddr 10.0.0.2 tcp sport 1 tcp dport 80 tcp flags == syn ';
    const told = `${begun}\ntrace id 1 ip filter INPUT conntrack: ct direction original ct state new ct id 7\n`;
    expect(parseNftPackets(told)[0]?.state).toBe('NEW');
    expect(parseNftPackets(begun)[0]?.state).toBeUndefined();
  });
});
