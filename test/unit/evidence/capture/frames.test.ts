import { describe, expect, it } from 'vitest';
import { dissectFrame } from '../../../../src/evidence/capture/frame.js';
import { ethernet, extension, fragment, icmpError, ipv4, ipv6, tcp } from './packetBuild.js';
import { seededBytes } from './pcapBuild.js';

const protocols = {
  hopByHop: 0,
  ipip: 4,
  tcp: 6,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  icmpv6: 58,
  options: 60,
};

function dissect(packet: Buffer, captured = Infinity) {
  const frame = ethernet(packet);
  const kept = Math.min(frame.length, captured);
  return dissectFrame(new DataView(frame.buffer, frame.byteOffset, kept), frame.length);
}

const segment6 = {
  source: 'fd00::1',
  destination: 'fd00::2',
  sourcePort: 40000,
  destinationPort: 80,
  ttl: 63,
  tunnelled: false,
  payloadLength: 5,
};

describe('dissectFrame, on IPv6', () => {
  it('reads a segment', () => {
    expect(dissect(ipv6(protocols.tcp, tcp({ payload: 5 })))).toMatchObject({
      kind: 'segment',
      segment: { ...segment6, sourceMac: '02:00:00:00:00:01', flags: { fin: true, ack: true, syn: false } },
    });
  });

  it('takes the payload length from the header, not from what was captured', () => {
    expect(dissect(ipv6(protocols.tcp, tcp({ payload: 900 })), 80)).toMatchObject({
      segment: { payloadLength: 900 },
    });
  });

  it('passes over extension headers, whose length is not payload', () => {
    const options = extension(protocols.tcp, 3, tcp({ payload: 5 }));
    const routing = extension(protocols.options, 2, options);
    const all = ipv6(protocols.hopByHop, extension(protocols.routing, 1, routing));
    expect(dissect(all)).toMatchObject({ kind: 'segment', segment: segment6 });
  });

  it('reads first fragments, and counts later ones apart', () => {
    const first = ipv6(protocols.fragment, fragment(protocols.tcp, 0, tcp({ payload: 5 })));
    expect(dissect(first)).toMatchObject({ kind: 'segment', segment: segment6 });
    const later = ipv6(protocols.fragment, fragment(protocols.tcp, 3, tcp({ payload: 5 })));
    expect(dissect(later)).toEqual({ kind: 'other', name: 'ipv6-fragment' });
  });

  it.each([
    ['an extension header that was cut off', ipv6(protocols.hopByHop, Buffer.alloc(4))],
    [
      'an extension header longer than the packet',
      ipv6(protocols.hopByHop, extension(6, 1, Buffer.alloc(0)).fill(9, 1, 2)),
    ],
    ['a header that was cut off', ipv6(protocols.tcp, tcp()).subarray(0, 30)],
  ])('takes %s for malformed', (_, packet) => {
    expect(dissect(packet)).toEqual({ kind: 'other', name: 'ipv6-malformed' });
  });

  it('tells a packet of connection sync, and who sent it, from other UDP', () => {
    const udp = (port: number) => {
      const packet = Buffer.alloc(8);
      packet.writeUInt16BE(port, 2);
      packet.writeUInt16BE(8, 4);
      return dissect(ipv6(17, packet));
    };
    expect(udp(8848)).toMatchObject({ kind: 'sync' });
    expect(udp(8849)).toMatchObject({ kind: 'segment', segment: { udp: true, destinationPort: 8849 } });
    expect(dissect(ipv6(17, Buffer.alloc(2)))).toEqual({ kind: 'other', name: 'udp-malformed' });
  });

  it('reads a datagram as a segment without flags and numbers', () => {
    const packet = Buffer.from([0x9c, 0x40, 0, 53, 0, 13, 0, 0, ...Buffer.from('hello')]);
    const wanted = { sourcePort: 40_000, destinationPort: 53, sequence: 0, payloadLength: 5, udp: true };
    expect(dissect(ipv6(17, packet))).toMatchObject({ kind: 'segment', segment: wanted });
    packet.writeUInt16BE(7, 4);
    expect(dissect(ipv6(17, packet))).toEqual({ kind: 'other', name: 'udp-malformed' });
  });

  it('names what is neither TCP nor an error', () => {
    const solicitation = icmpError(133, 0, Buffer.alloc(16));
    expect(dissect(ipv6(protocols.icmpv6, solicitation))).toEqual({ kind: 'other', name: 'icmpv6-type-133' });
    expect(dissect(ipv6(47, Buffer.alloc(8)))).toEqual({ kind: 'other', name: 'gre' });
  });
});

describe('dissectFrame, on ICMP errors', () => {
  it('reads the datagram that one quotes, which has no flags', () => {
    const datagram = Buffer.from([0x9c, 0x40, 0, 53, 0, 13, 0, 0, ...Buffer.from('hello12345')]);
    const frame = dissect(ipv6(protocols.icmpv6, icmpError(1, 1, ipv6(17, datagram))));
    expect(frame).toMatchObject({
      kind: 'icmp',
      icmp: { quoted: { sourcePort: 40_000, destinationPort: 53, flags: undefined } },
    });
  });

  it.each([1, 2, 3, 4])('reads the segment that an ICMPv6 error of type %i quotes', (type) => {
    const quoted = ipv6(protocols.tcp, tcp());
    expect(dissect(ipv6(protocols.icmpv6, icmpError(type, 1, quoted)))).toMatchObject({
      kind: 'icmp',
      icmp: {
        family: 'ipv6',
        type,
        code: 1,
        source: 'fd00::1',
        quoted: { source: 'fd00::1', sourcePort: 40000, destinationPort: 80, flags: { fin: true } },
      },
    });
  });

  it('does not take a type of the other family for an error', () => {
    expect(dissect(ipv4(1, icmpError(1, 0, ipv4(6, tcp()))))).toEqual({ kind: 'other', name: 'icmp-type-1' });
    expect(dissect(ipv6(protocols.icmpv6, icmpError(11, 0, Buffer.alloc(40))))).toMatchObject({
      kind: 'other',
    });
  });

  it('finds the segment that was tunnelled when it was refused', () => {
    const quoted = ipv4(protocols.ipip, ipv4(6, tcp()));
    expect(dissect(ipv4(1, icmpError(3, 10, quoted)))).toMatchObject({
      icmp: { family: 'ipv4', quoted: { sourcePort: 40000 } },
    });
  });

  it('knows no flags where only eight bytes of the segment were quoted', () => {
    const quoted = ipv6(protocols.tcp, tcp()).subarray(0, 48);
    expect(dissect(ipv6(protocols.icmpv6, icmpError(1, 4, quoted)))).toMatchObject({
      icmp: { quoted: { sourcePort: 40000, flags: undefined } },
    });
  });
});

describe('dissectFrame, on tunnels', () => {
  it.each([
    ['IPv4 in IPv4', ipv4(protocols.ipip, ipv4(6, tcp({ payload: 5 }))), { source: '10.0.0.1', ttl: 64 }],
    ['IPv6 in IPv6', ipv6(protocols.ipv6, ipv6(6, tcp({ payload: 5 }))), { source: 'fd00::1', ttl: 63 }],
    ['IPv6 in IPv4', ipv4(protocols.ipv6, ipv6(6, tcp({ payload: 5 }))), { source: 'fd00::1', ttl: 63 }],
  ])('reads the inner segment of %s', (_, packet, inner) => {
    expect(dissect(packet)).toMatchObject({
      kind: 'segment',
      segment: { ...inner, tunnelled: true, payloadLength: 5 },
    });
  });

  it('does not take a plain segment for a tunnelled one', () => {
    expect(dissect(ipv4(6, tcp()))).toMatchObject({ segment: { tunnelled: false } });
  });

  it('takes a tunnel without an inner header for malformed', () => {
    expect(dissect(ipv4(protocols.ipip, Buffer.alloc(6)))).toEqual({
      kind: 'other',
      name: 'tunnel-malformed',
    });
  });

  it('never throws on headers of random bytes', () => {
    const random = seededBytes(8200);
    for (let round = 0; round < 20_000; round += 1) {
      const payload = random(round % 100);
      const next = [0, 4, 6, 41, 43, 44, 58, 60][round % 8] ?? 0;
      expect(() => dissect(round % 2 === 0 ? ipv6(next, payload) : ipv4(next, payload))).not.toThrow();
    }
  });
});
