import { describe, expect, it } from 'vitest';
import { FrameKind, Packet } from '../../../../../../lab/clients/raw/packet/packet.js';
import { parseFrame } from '../../../../../../lab/clients/raw/packet/parseFrame.js';
import { Random } from '../simulation/random.js';
import { writeDatagram } from '../simulation/wireDatagrams.js';
import { writeFrame, type Flag } from '../simulation/wireFormat.js';

const addresses = {
  ipv4: { source: '10.9.0.100', destination: '10.9.1.7' },
  ipv6: { source: 'fd000009000000000000000000000064', destination: 'fd000009000000000000000000000007' },
};

interface Parts {
  readonly flags?: readonly Flag[];
  readonly options?: string;
  readonly payload?: string;
}

function frameOf(
  family: 'ipv4' | 'ipv6',
  { flags = ['ack'], options = '', payload = 'hello' }: Parts = {},
): Buffer {
  return writeFrame({
    ...addresses[family],
    sourcePort: 80,
    destinationPort: 1024,
    sequence: 0xfffffff0,
    acknowledgement: 5,
    flags: new Set(flags),
    window: 1000,
    options: Buffer.from(options, 'hex'),
    payload: Buffer.from(payload),
  });
}

function read(frame: Buffer, length = frame.length) {
  const packet = new Packet();
  // In the middle of other bytes, as in the receiver's memory.
  const bytes = Buffer.concat([Buffer.alloc(9, 0x45), frame, Buffer.alloc(100, 0x45)]);
  return { kind: parseFrame(packet, bytes, 9, length), packet, bytes };
}

/** The same frame, something behind its Ethernet header put in or replaced. */
function edited(frame: Buffer, edit: (packet: Buffer) => Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, 14), edit(Buffer.from(frame.subarray(14)))]);
}

const tcpAt = { ipv4: 20, ipv6: 40 };

describe.each(['ipv4', 'ipv6'] as const)('a segment over %s', (family) => {
  it('is read with its payload', () => {
    const { kind, packet, bytes } = read(frameOf(family));
    expect(kind).toBe(FrameKind.segment);
    expect(packet).toMatchObject({
      sequence: -16,
      acknowledgement: 5,
      window: 1000,
      payloadLength: 5,
      payloadKept: 5,
    });
    expect(bytes.toString('latin1', packet.payloadAt, packet.payloadAt + 5)).toBe('hello');
  });

  it('has the MSS of its SYN among options that are not known', () => {
    const mssOf = (options: string): number =>
      read(frameOf(family, { flags: ['syn', 'ack'], options })).packet.mss;
    expect(mssOf('020405b4')).toBe(1460);
    expect(mssOf('0101fe08f98900000000020402180101')).toBe(536);
    expect(mssOf('1e040101fd06aaaabbbb010102040064')).toBe(100);
    expect(mssOf('00000000020405b4')).toBe(0);
    expect(read(frameOf(family, { flags: ['ack'], options: '020405b4' })).packet.mss).toBe(0);
  });

  it('is read up to an option whose length cannot be', () => {
    for (const options of [
      '1e000000020405b4',
      '1e010000020405b4',
      '1e280000020405b4',
      '010101fe',
      '01010102',
      '02030000',
    ]) {
      const { kind, packet } = read(frameOf(family, { flags: ['syn', 'ack'], options }));
      expect(kind).toBe(FrameKind.segment);
      expect(packet.mss).toBe(0);
    }
  });

  it('may be cut off behind its header, and is refused when it is cut off in it', () => {
    const frame = frameOf(family);
    const cut = read(frame, frame.length - 3);
    expect(cut.kind).toBe(FrameKind.segment);
    expect(cut.packet).toMatchObject({ payloadLength: 5, payloadKept: 2 });
    for (let length = 0; length < frame.length - 5; length += 1) {
      // What is left of an Ethernet header says nothing.
      expect(read(frame, length).kind).toBe(FrameKind.malformed);
    }
  });

  it('is refused with a header that is too short, or longer than the packet', () => {
    const withHeader = (words: number) =>
      edited(frameOf(family), (packet) => {
        packet[tcpAt[family] + 12] = words << 4;
        return packet;
      });
    expect(read(withHeader(4)).kind).toBe(FrameKind.malformed);
    expect(read(withHeader(6)).kind).toBe(FrameKind.segment);
    expect(read(withHeader(7)).kind).toBe(FrameKind.malformed);
  });

  it('may be longer than the MTU, by segmentation offload', () => {
    const frame = frameOf(family, { payload: 'x'.repeat(60_000) });
    const { packet, kind } = read(frame, 2048);
    expect(kind).toBe(FrameKind.segment);
    expect(packet.payloadLength).toBe(60_000);
    expect(packet.payloadKept).toBe(2048 - 14 - tcpAt[family] - 20);
  });

  it('may have a VLAN tag', () => {
    const frame = frameOf(family);
    const tagged = Buffer.concat([frame.subarray(0, 12), Buffer.from('81000007', 'hex'), frame.subarray(12)]);
    expect(read(tagged).kind).toBe(FrameKind.segment);
    expect(read(tagged).packet.payloadLength).toBe(5);
  });
});

describe.each(['ipv4', 'ipv6'] as const)('a datagram over %s', (family) => {
  const frame = writeDatagram({ ...addresses[family], sourcePort: 53, destinationPort: 1024, text: 'hello' });
  const udpAt = 14 + tcpAt[family];

  it('is read with its payload', () => {
    const { kind, packet, bytes } = read(frame);
    expect(kind).toBe(FrameKind.datagram);
    expect(packet).toMatchObject({
      ...{ protocol: 17, sourcePort: 53, destinationPort: 1024 },
      ...{ payloadLength: 5, payloadKept: 5 },
    });
    expect(bytes.toString('latin1', packet.payloadAt, packet.payloadAt + 5)).toBe('hello');
  });

  it('ends where its own length says, and is refused with one that cannot be', () => {
    const withLength = (length: number) => {
      const changed = Buffer.from(frame);
      changed.writeUInt16BE(length, udpAt + 4);
      return read(changed);
    };
    expect(withLength(10).packet).toMatchObject({ payloadLength: 2, payloadKept: 2 });
    expect(withLength(7).kind).toBe(FrameKind.malformed);
    expect(withLength(14).kind).toBe(FrameKind.malformed);
  });

  it('may be cut off behind its header, and is refused when it is cut off in it', () => {
    expect(read(frame, frame.length - 3).packet).toMatchObject({ payloadLength: 5, payloadKept: 2 });
    for (let length = 0; length < udpAt + 8; length += 1)
      expect(read(frame, length).kind).toBe(FrameKind.malformed);
  });
});

describe('IPv4', () => {
  it('may have options, and padding behind the packet', () => {
    const frame = edited(frameOf('ipv4'), (packet) => {
      packet[0] = 0x46;
      packet.writeUInt16BE(packet.length + 4, 2);
      return Buffer.concat([packet.subarray(0, 20), Buffer.from('94040000', 'hex'), packet.subarray(20)]);
    });
    const { kind, packet } = read(Buffer.concat([frame, Buffer.alloc(6)]));
    expect(kind).toBe(FrameKind.segment);
    expect(packet).toMatchObject({ sourcePort: 80, payloadLength: 5, payloadKept: 5 });
  });

  it.each<[string, (packet: Buffer) => unknown]>([
    ['of another version', (packet) => (packet[0] = 0x55)],
    ['with too short a header', (packet) => (packet[0] = 0x44)],
    ['with a total length of nothing', (packet) => packet.writeUInt16BE(0, 2)],
    ['with a total length below its header', (packet) => packet.writeUInt16BE(19, 2)],
    ['with a total length in the TCP header', (packet) => packet.writeUInt16BE(39, 2)],
    ['with more fragments', (packet) => packet.writeUInt16BE(0x2000, 6)],
    ['with a fragment offset', (packet) => packet.writeUInt16BE(0x0001, 6)],
  ])('is refused %s', (_what, spoil) => {
    const frame = edited(frameOf('ipv4'), (packet) => {
      spoil(packet);
      return packet;
    });
    expect(read(frame).kind).toBe(FrameKind.malformed);
  });
});

describe('IPv6', () => {
  const withExtensions = (first: number, extensions: string) =>
    edited(frameOf('ipv6'), (packet) => {
      const bytes = Buffer.from(extensions, 'hex');
      packet[6] = first;
      packet.writeUInt16BE(packet.readUInt16BE(4) + bytes.length, 4);
      return Buffer.concat([packet.subarray(0, 40), bytes, packet.subarray(40)]);
    });

  it('may have extension headers', () => {
    const hopByHop = '2b01000000000000' + '0000000000000000';
    const routing = '3c00000000000000';
    const destination = '0600010400000000';
    const { kind, packet } = read(withExtensions(0, hopByHop + routing + destination));
    expect(kind).toBe(FrameKind.segment);
    expect(packet).toMatchObject({ sourcePort: 80, payloadLength: 5, payloadKept: 5 });
  });

  it('is refused when it is a fragment, and read when it is the only one', () => {
    expect(read(withExtensions(44, '0600000000000001')).kind).toBe(FrameKind.segment);
    expect(read(withExtensions(44, '0600000100000001')).kind).toBe(FrameKind.malformed);
    expect(read(withExtensions(44, '0600000800000001')).kind).toBe(FrameKind.malformed);
  });

  it('is refused when an extension header goes on behind the packet', () => {
    expect(read(withExtensions(0, '06ff000000000000')).kind).toBe(FrameKind.malformed);
  });

  it('is refused as a jumbogram, or of another version', () => {
    const jumbo = edited(frameOf('ipv6'), (packet) => {
      packet.writeUInt16BE(0, 4);
      return packet;
    });
    expect(read(jumbo).kind).toBe(FrameKind.malformed);
    const version = edited(frameOf('ipv6'), (packet) => {
      packet[0] = 0x50;
      return packet;
    });
    expect(read(version).kind).toBe(FrameKind.malformed);
  });
});

describe('an ICMP error', () => {
  const quoting = (type: number, code: number, quote: Buffer, protocol = 1) =>
    edited(frameOf('ipv4'), (packet) => {
      const icmp = Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), quote]);
      packet[9] = protocol;
      packet.writeUInt16BE(20 + icmp.length, 2);
      return Buffer.concat([packet.subarray(0, 20), icmp]);
    });
  const quote = frameOf('ipv4').subarray(14, 14 + 28);

  it('has addresses, ports and sequence number of what it quotes', () => {
    const { kind, packet, bytes } = read(quoting(3, 10, quote));
    expect(kind).toBe(FrameKind.icmpError);
    expect(packet).toMatchObject({
      icmpType: 3,
      icmpCode: 10,
      sourcePort: 80,
      destinationPort: 1024,
      sequence: -16,
    });
    expect([...bytes.subarray(packet.sourceAt, packet.sourceAt + 4)]).toEqual([10, 9, 0, 100]);
  });

  it.each([
    [3, FrameKind.icmpError],
    [4, FrameKind.icmpError],
    [5, FrameKind.icmpError],
    [11, FrameKind.icmpError],
    [12, FrameKind.icmpError],
    [0, FrameKind.other],
    [8, FrameKind.other],
    [13, FrameKind.other],
  ])('of type %i is told from what is none', (type, kind) => {
    expect(read(quoting(type, 0, quote)).kind).toBe(kind);
  });

  it('is refused when it is cut off, and nothing of ours when it quotes neither TCP nor UDP', () => {
    expect(read(quoting(3, 10, quote.subarray(0, 27))).kind).toBe(FrameKind.malformed);
    expect(read(quoting(3, 10, quote.subarray(0, 19))).kind).toBe(FrameKind.malformed);
    const other = Buffer.from(quote);
    other[9] = 132;
    expect(read(quoting(3, 10, other)).kind).toBe(FrameKind.other);
  });

  it('may quote a datagram', () => {
    const udp = Buffer.from(quote);
    udp[9] = 17;
    const { kind, packet } = read(quoting(3, 10, udp));
    expect(kind).toBe(FrameKind.icmpError);
    expect(packet).toMatchObject({ protocol: 17, sourcePort: 80, destinationPort: 1024 });
  });
});

it('knows neither ARP nor other protocols', () => {
  const arp = frameOf('ipv4');
  arp.writeUInt16BE(0x0806, 12);
  expect(read(arp).kind).toBe(FrameKind.other);
  const sctp = frameOf('ipv4');
  sctp[14 + 9] = 132;
  expect(read(sctp).kind).toBe(FrameKind.other);
});

it('survives a million random and mutated frames, and stays inside of them', { timeout: 60_000 }, () => {
  const random = new Random(4);
  const ipv4Error = Buffer.concat([
    frameOf('ipv4').subarray(0, 34),
    Buffer.from('030a000000000000', 'hex'),
    frameOf('ipv4', { payload: '' }).subarray(14),
  ]);
  ipv4Error[14 + 9] = 1;
  ipv4Error.writeUInt16BE(ipv4Error.length - 14, 16);
  const seeds = [
    frameOf('ipv4', { flags: ['syn', 'ack'], options: '020405b40402080a0000000000000000' }),
    frameOf('ipv6', { flags: ['syn', 'ack'], options: '020405b40402080a0000000000000000' }),
    frameOf('ipv4'),
    frameOf('ipv6'),
    ipv4Error,
  ];
  const packet = new Packet();
  const bytes = Buffer.alloc(256);
  const kinds = [0, 0, 0, 0];
  for (let round = 0; round < 1_000_000; round += 1) {
    const seed = seeds[round % seeds.length]!;
    const isRandom = round % 10 === 9;
    const length = isRandom
      ? random.whole(0, 200)
      : seed.length - (round % 3 === 0 ? random.whole(0, seed.length) : 0);
    if (isRandom) for (let index = 0; index < length; index += 1) bytes[index] = random.whole(0, 255);
    else seed.copy(bytes);
    for (let edits = random.whole(0, 4); edits > 0; edits -= 1)
      bytes[random.whole(12, 79)] = random.whole(0, 255);
    const kind = parseFrame(packet, bytes, 0, length);
    kinds[kind]! += 1;
    if (kind !== FrameKind.segment) continue;
    const isInside =
      packet.payloadAt <= length &&
      packet.payloadKept >= 0 &&
      packet.payloadAt + packet.payloadKept <= length &&
      packet.payloadLength >= packet.payloadKept &&
      packet.payloadLength <= 0xffff;
    if (!isInside) expect.fail(`round ${round}: ${JSON.stringify(packet)}`);
  }
  // The mutations are not so wild that all are refused early.
  for (const count of kinds) expect(count).toBeGreaterThan(10_000);
});
