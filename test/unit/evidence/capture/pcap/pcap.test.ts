import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EvidenceError } from '../../../../../src/evidence/text/error.js';
import { parsePcap } from '../../../../../src/evidence/capture/pcap/pcap.js';
import { pcapOf, seededBytes, tcpFrame } from '../pcapBuild.js';

// Recorded by tcpdump 4.99.3 with -s 128 on a veth pair between two network namespaces: one connection closed by the server
// first, then a SYN to a port that the server's INPUT chain rejects with icmp-host-prohibited.
const recorded = readFileSync(new URL('../../../../fixtures/pcap/rejected-syn.pcap', import.meta.url));

describe('parsePcap, on a capture of tcpdump', () => {
  const capture = parsePcap(recorded);

  it('finds every segment with its addresses, flags and payload', () => {
    expect(capture.segments).toHaveLength(11);
    expect(capture.segments[3]).toEqual({
      frame: 4,
      time: expect.closeTo(1795454702.54862, 5) as number,
      sourceMac: '3e:1f:22:ee:71:e1',
      destinationMac: 'c6:ca:f5:ff:28:82',
      ttl: 64,
      tunnelled: false,
      source: '10.77.1.1',
      sourcePort: 51072,
      destination: '10.77.1.2',
      destinationPort: 8080,
      flags: { syn: false, ack: true, fin: false, rst: false, psh: true },
      sequence: 1762825322,
      acknowledgement: 1405429784,
      payloadLength: 1,
    });
    expect(capture.segments.filter(({ flags }) => flags.fin)).toHaveLength(2);
  });

  it('finds the ICMP error and the segment it quotes', () => {
    expect(capture.icmp).toHaveLength(1);
    expect(capture.icmp[0]).toMatchObject({
      sourceMac: 'c6:ca:f5:ff:28:82',
      family: 'ipv4',
      source: '10.77.1.2',
      destination: '10.77.1.1',
      type: 3,
      code: 10,
      quoted: {
        source: '10.77.1.1',
        sourcePort: 33116,
        destination: '10.77.1.2',
        destinationPort: 8081,
        flags: { syn: true, ack: false, fin: false, rst: false, psh: false },
      },
    });
  });

  it('has nothing else, and its end', () => {
    expect(capture.other).toEqual({});
    expect(capture.truncated).toBe(false);
  });

  it('gives what came before, whatever length it is cut to', () => {
    const borders = [24];
    for (let at = 24; at < recorded.length;) {
      at += 16 + recorded.readUInt32LE(at + 8);
      borders.push(at);
    }
    for (let length = 24; length <= recorded.length; length += 1) {
      const cut = parsePcap(recorded.subarray(0, length));
      const whole = borders.filter((border) => border <= length).length - 1;
      expect(cut.segments.length + cut.icmp.length).toBe(whole);
      expect(cut.truncated).toBe(!borders.includes(length));
    }
  });

  it('is refused when even the header is cut', () => {
    for (let length = 0; length < 24; length += 1) {
      expect(() => parsePcap(recorded.subarray(0, length))).toThrow(EvidenceError);
    }
  });
});

describe('parsePcap', () => {
  const frame = tcpFrame({ payload: 5 });

  it.each([
    ['little-endian microseconds', { littleEndian: true, nanoseconds: false }],
    ['big-endian microseconds', { littleEndian: false, nanoseconds: false }],
    ['little-endian nanoseconds', { littleEndian: true, nanoseconds: true }],
    ['big-endian nanoseconds', { littleEndian: false, nanoseconds: true }],
  ])('reads %s', (_, format) => {
    const { segments } = parsePcap(pcapOf([frame], format));
    expect(segments[0]?.time).toBeCloseTo(1000.25, 6);
    expect(segments[0]?.sourcePort).toBe(40000);
  });

  it('takes the payload length from the IP header when the snap length cut the packet', () => {
    const big = tcpFrame({ payload: 1000 });
    expect(parsePcap(pcapOf([big], { snapLength: 60 })).segments[0]?.payloadLength).toBe(1000);
  });

  it('does not count the padding of short Ethernet frames as payload', () => {
    const padded = Buffer.concat([tcpFrame({ payload: 0 }), Buffer.alloc(6)]);
    expect(parsePcap(pcapOf([padded])).segments[0]?.payloadLength).toBe(0);
  });

  it('looks behind VLAN tags', () => {
    const tagged = Buffer.concat([
      frame.subarray(0, 12),
      Buffer.from([0x88, 0xa8, 0, 1, 0x81, 0, 0, 2]),
      frame.subarray(12),
    ]);
    expect(parsePcap(pcapOf([tagged])).segments[0]?.payloadLength).toBe(5);
  });

  it('counts later fragments apart and reads first ones', () => {
    const first = Buffer.from(frame);
    first.writeUInt16BE(0x2000, 20);
    const later = Buffer.from(frame);
    later.writeUInt16BE(0x0005, 20);
    const capture = parsePcap(pcapOf([first, later]));
    expect(capture.segments).toHaveLength(1);
    expect(capture.other).toEqual({ 'ipv4-fragment': 1 });
  });

  it('counts what is neither TCP nor an ICMP error by a short name', () => {
    const arp = Buffer.from(frame);
    arp.writeUInt16BE(0x0806, 12);
    const udp = Buffer.from(frame);
    udp.writeUInt8(17, 23);
    const echo = Buffer.from(frame);
    echo.writeUInt8(1, 23);
    echo.writeUInt8(8, 34);
    const capture = parsePcap(pcapOf([arp, udp, echo, frame.subarray(0, 40), Buffer.alloc(3)]));
    expect(capture.other).toEqual({
      'arp-malformed': 1,
      'udp-malformed': 1,
      'icmp-type-8': 1,
      'tcp-malformed': 1,
      'ethernet-short': 1,
    });
  });

  it.each([
    ['a capture of the interface "any"', pcapOf([], { linkType: 113 }), /link type 113/],
    ['pcapng', Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), Buffer.alloc(40)]), /0x0a0d0d0a/],
  ])('refuses %s and says what it found', (_, file, message) => {
    expect(() => parsePcap(file)).toThrow(message);
  });

  it('stops, truncated, at a record whose length cannot be', () => {
    const file = pcapOf([frame, frame]);
    file.writeUInt32LE(0xffffffff, 24 + 8);
    expect(parsePcap(file)).toMatchObject({ segments: [], truncated: true });
  });

  it('never throws on packets of random bytes, and accounts for each', () => {
    const random = seededBytes(20_071);
    for (let round = 0; round < 20_000; round += 1) {
      const packet = random(round % 90);
      // Half of them look like IPv4 with TCP or ICMP, so that the inner parsers get their share.
      if (round % 2 === 0 && packet.length > 24) {
        packet.writeUInt16BE(0x0800, 12);
        packet.writeUInt8(0x45, 14);
        packet.writeUInt8(round % 4 === 0 ? 6 : 1, 23);
      }
      const { segments, icmp, other, truncated } = parsePcap(pcapOf([packet]));
      const others = Object.values(other).reduce((sum, count) => sum + count, 0);
      expect(segments.length + icmp.length + others).toBe(1);
      expect(truncated).toBe(false);
    }
  });
});
