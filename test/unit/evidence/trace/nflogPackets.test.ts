import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNflogPackets } from '../../../../src/evidence/trace/nflogPackets.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const recorded = readFileSync(path.join(packageRoot, 'test', 'fixtures', 'traces', 'legacy.nflog.pcap'));

describe('what iptables-legacy logged of packets that were followed', () => {
  it('is each packet once, with the numbers of the rules that it met', () => {
    const packets = parseNflogPackets(recorded).filter(({ way }) => way === 'arrived');
    expect(
      packets.map(({ kind, steps }) => [kind, ...steps.map(({ chain, rule }) => `${chain} ${rule}`)]),
    ).toEqual([
      ['TCP SYN', 'PREROUTING -P PREROUTING', 'INPUT 4', 'SUB 1'],
      ['TCP ACK', 'PREROUTING -P PREROUTING', 'INPUT 3'],
      ['TCP PSH,ACK', 'PREROUTING -P PREROUTING', 'INPUT 3'],
      ['TCP FIN,ACK', 'PREROUTING -P PREROUTING', 'INPUT 3'],
      ['TCP RST', 'PREROUTING -P PREROUTING', 'INPUT 3'],
      ['TCP SYN', 'PREROUTING -P PREROUTING', 'INPUT 4', 'INPUT 5'],
    ]);
  });

  it('has datagrams with their ports', () => {
    const file = readFileSync(path.join(packageRoot, 'test', 'fixtures', 'traces', 'datagrams.nflog.pcap'));
    const arrived = parseNflogPackets(file).filter(({ way }) => way === 'arrived');
    expect(new Set(arrived.map(({ kind, destinationPort }) => `${kind} ${String(destinationPort)}`))).toEqual(
      new Set(['UDP 53']),
    );
    expect(arrived.map(({ steps }) => steps.at(-1)?.rule)).toEqual([2, 2, 3, 3, 3]);
    expect(new Set(arrived.map(({ id }) => id)).size).toBe(5);
  });

  it('has the answer to what was refused', () => {
    expect(parseNflogPackets(recorded).at(-1)).toMatchObject({
      way: 'left',
      kind: 'ICMP',
      message: 'type 3 code 10',
    });
  });

  it('is what came before the end of a file that was cut, and an error for a file of another kind', () => {
    expect(parseNflogPackets(recorded.subarray(0, 700))).toHaveLength(1);
    const ethernet = Buffer.from(recorded);
    ethernet.writeUInt32LE(1, 20);
    expect(() => parseNflogPackets(ethernet)).toThrow('link type 1');
  });
});
