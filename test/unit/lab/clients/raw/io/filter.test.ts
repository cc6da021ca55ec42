import { describe, expect, it } from 'vitest';
import { addressBytes } from '../../../../../../lab/clients/raw/io/addresses.js';
import {
  BpfOp,
  packetType,
  socketFilter,
  type Instruction,
} from '../../../../../../lab/clients/raw/io/filter.js';
import { arpFrame, hostMac, ipFrame, otherMac, tcp } from './frames.js';

const toThisHost = 0;
const sentByThisHost = 4;

/** What the kernel makes of a program: how many bytes of the frame it lets in. */
function run(program: readonly Instruction[], frame: Buffer, type: number): number {
  let accumulator = 0;
  let index = 0;
  for (let at = 0; ; at += 1) {
    const { code, jt, jf, k } = program[at]!;
    switch (code) {
      case BpfOp.loadWord:
        accumulator = k === packetType ? type : frame.readUInt32BE(k);
        break;
      case BpfOp.loadHalf:
        accumulator = frame.readUInt16BE(k);
        break;
      case BpfOp.loadByte:
        accumulator = frame.readUInt8(k);
        break;
      case BpfOp.loadHalfIndexed:
        accumulator = frame.readUInt16BE(index + k);
        break;
      case BpfOp.indexByIpv4Header:
        index = 4 * (frame.readUInt8(k) & 0xf);
        break;
      case BpfOp.jumpIfEqual:
        at += accumulator === k ? jt : jf;
        break;
      case BpfOp.return:
        return k;
      default:
        throw new Error(`unexpected operation ${code}`);
    }
  }
}

const ipv4 = {
  vip: '198.18.0.9',
  source: '198.18.0.20',
  own: '198.18.0.2',
  stranger: '198.18.0.30',
  icmp: 1,
};
const ipv6 = { vip: 'fd00::9', source: 'fd00::20', own: 'fd00::2', stranger: 'fd00::30', icmp: 58 };

describe.each([
  ['ipv4' as const, ipv4],
  ['ipv6' as const, ipv6],
])('the socket filter for %s', (family, { vip, source, own, stranger, icmp }) => {
  const sources = Array.from({ length: 64 }, (_, index) =>
    addressBytes(source.replace(/\d+$/, `${20 + index * 2}`)),
  );
  const all = { family, sources, vip: addressBytes(vip), ports: [80, 8000], keep: 2048 };
  const program = socketFilter({ ...all, protocol: 6 });
  const letsIn = (frame: Buffer, type = toThisHost) => run(program, frame, type) > 0;
  const segment = { source: vip, destination: source, protocol: 6, payload: tcp(80) };
  const error = {
    source: stranger,
    destination: source,
    protocol: icmp,
    payload: Buffer.from([icmp === 1 ? 3 : 1, 1]),
  };

  it("lets in the service's segments to a source, as much of them as there is room for", () => {
    expect(run(program, ipFrame(segment), toThisHost)).toBe(2048);
    expect(letsIn(ipFrame({ ...segment, payload: tcp(8000) }))).toBe(true);
    const last = source.replace(/\d+$/, '146');
    expect(letsIn(ipFrame({ ...segment, destination: last }))).toBe(true);
  });

  it.each([
    ['of another port', { ...segment, payload: tcp(81) }],
    ['of another host', { ...segment, source: stranger }],
    ["to the client's own address", { ...segment, destination: own }],
    ['of UDP', { ...segment, protocol: 17 }],
  ])('leaves out those %s', (_, frame) => {
    expect(letsIn(ipFrame(frame))).toBe(false);
  });

  it('takes datagrams in place of segments where the flows are of UDP', () => {
    const udp = socketFilter({ ...all, protocol: 17 });
    const datagram = ipFrame({ ...segment, protocol: 17 });
    expect(run(udp, datagram, toThisHost)).toBe(2048);
    expect(run(udp, ipFrame(segment), toThisHost)).toBe(0);
    expect(run(udp, ipFrame({ ...segment, protocol: 17, payload: tcp(81) }), toThisHost)).toBe(0);
    expect(letsIn(datagram)).toBe(false);
  });

  it('leaves out what this host sends', () => {
    expect(letsIn(ipFrame(segment), sentByThisHost)).toBe(false);
  });

  it('lets in ICMP errors of anybody to a source, and none to the client itself', () => {
    expect(letsIn(ipFrame(error))).toBe(true);
    expect(letsIn(ipFrame({ ...error, destination: own }))).toBe(false);
  });

  it('fits the kernel, which knows no jumps beyond 255', () => {
    expect(program.length).toBeLessThan(256);
    const ports = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(() => socketFilter({ ...all, protocol: 6, ports, keep: 1 })).toThrow(RangeError);
  });
});

describe('the socket filter', () => {
  const filter = (family: 'ipv4' | 'ipv6', { source, vip }: typeof ipv4) =>
    socketFilter({
      family,
      protocol: 6,
      sources: [addressBytes(source)],
      vip: addressBytes(vip),
      ports: [80],
      keep: 2048,
    });

  it('finds the port behind IPv4 options', () => {
    const frame = { source: ipv4.vip, destination: ipv4.source, protocol: 6, options: 8 };
    expect(run(filter('ipv4', ipv4), ipFrame({ ...frame, payload: tcp(80) }), toThisHost)).toBe(2048);
    expect(run(filter('ipv4', ipv4), ipFrame({ ...frame, payload: tcp(81) }), toThisHost)).toBe(0);
  });

  it('lets in ARP for IPv4 only', () => {
    const frame = arpFrame(1, [otherMac, ipv4.vip], [hostMac, ipv4.source]);
    expect(run(filter('ipv4', ipv4), frame, toThisHost)).toBe(2048);
    expect(run(filter('ipv6', ipv6), frame, toThisHost)).toBe(0);
  });

  it.each([
    [135, 'ff02::1:ff00:20', 2048],
    [136, ipv6.own, 2048],
    [134, ipv6.own, 0],
  ])('treats message %i of neighbour discovery as it should', (type, destination, kept) => {
    const payload = Buffer.alloc(32);
    payload[0] = type;
    const frame = ipFrame({ source: ipv6.stranger, destination, protocol: 58, payload });
    expect(run(filter('ipv6', ipv6), frame, toThisHost)).toBe(kept);
  });
});
