import { describe, expect, it } from 'vitest';
import { dissectFrame } from '../../../../src/evidence/capture/frame.js';
import { parsePcap } from '../../../../src/evidence/capture/pcap/pcap.js';
import { ethernet, ipv6 } from './packetBuild.js';
import { pcapOf } from './pcapBuild.js';

const frameOf = (bytes: Buffer) =>
  dissectFrame(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.length);

const macs = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };

/** An ARP packet: operation, sender's and target's IPv4 address in hexadecimal. */
function arp(operation: number, sender: string, target: string): Buffer {
  const type = '0806';
  const mac = '020000000001';
  return Buffer.from(
    `020000000002${mac}${type}00010800060400${operation.toString(16).padStart(2, '0')}${mac}${sender}000000000000${target}`,
    'hex',
  );
}

const target = 'fd000000000000000000000000000009';

/** A message of neighbour discovery for fd00::9, with these options, from fd00::1. */
function discovery(type: number, options = ''): Buffer {
  return ethernet(ipv6(58, Buffer.from(`${type.toString(16)}00000000000000${target}${options}`, 'hex')));
}

describe('neighbours in a capture', () => {
  it.each([
    ['an ARP request', arp(1, '0a000001', '0a000009'), { asks: '10.0.0.9', claims: '10.0.0.1' }],
    ['an ARP reply', arp(2, '0a000009', '0a000001'), { asks: undefined, claims: '10.0.0.9' }],
    ['an announcement', arp(1, '0a000009', '0a000009'), { asks: undefined, claims: '10.0.0.9' }],
    ['a probe', arp(1, '00000000', '0a000009'), { asks: '10.0.0.9', claims: undefined }],
  ])('%s asks and claims', (_, frame, message) => {
    expect(frameOf(frame)).toEqual({ kind: 'neighbour', neighbour: { ...macs, family: 'ipv4', ...message } });
  });

  it.each([
    ['a solicitation', discovery(135, '0101020000000001'), { asks: 'fd00::9', claims: 'fd00::1' }],
    ["one that keeps its sender's address to itself", discovery(135), { asks: 'fd00::9', claims: undefined }],
    ['an advertisement', discovery(136, '0201020000000001'), { asks: undefined, claims: 'fd00::9' }],
  ])('%s of IPv6 asks and claims', (_, frame, message) => {
    expect(frameOf(frame)).toEqual({ kind: 'neighbour', neighbour: { ...macs, family: 'ipv6', ...message } });
  });

  it('are among the packets that a capture has in all', () => {
    const frames = [arp(1, '0a000001', '0a000009'), discovery(135)];
    expect(parsePcap(pcapOf(frames))).toMatchObject({ packets: 2, segments: [], icmp: [], other: {} });
    expect(parsePcap(pcapOf(frames.slice(1)))).toMatchObject({ packets: 1 });
  });

  it('are other frames when they are cut, of other networks, or something else', () => {
    expect(frameOf(arp(1, '0a000001', '0a000009').subarray(0, 40))).toEqual({
      kind: 'other',
      name: 'arp-malformed',
    });
    const token = arp(1, '0a000001', '0a000009');
    token.writeUInt16BE(6, 14);
    expect(frameOf(token)).toEqual({ kind: 'other', name: 'arp-malformed' });
    expect(frameOf(discovery(135).subarray(0, 70))).toMatchObject({ kind: 'other' });
    expect(frameOf(discovery(133))).toEqual({ kind: 'other', name: 'icmpv6-type-133' });
  });
});
