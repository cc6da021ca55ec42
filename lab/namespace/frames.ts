import type { RuleProbe } from '../../src/contracts/agents/probeOrder.js';
import { checksumOf, sumOf } from '../clients/raw/packet/checksum.js';

const numbers = { icmp: 1, tcp: 6, udp: 17 } as const;

/** An Ethernet frame with a probe, which has its number in the field for IP's identification. */
export function frameOf(
  { is, source, sourcePort, destination, destinationPort }: RuleProbe,
  number: number,
  { to, from }: { readonly to: Buffer; readonly from: Buffer },
): Buffer {
  const ends = { source, sourcePort, destination, destinationPort };
  const packet =
    is.protocol === 'too-big'
      ? ipPacket(ends, { protocol: numbers.icmp, number }, tooBig(ends, numbers[is.of]))
      : ipPacket(
          ends,
          { protocol: numbers[is.protocol], number },
          is.protocol === 'tcp' ? segment(ends, is.flags, is.hasData ? 'hello' : '') : datagram(ends),
        );
  return Buffer.concat([to, from, Buffer.from([0x08, 0x00]), packet]);
}

type Ends = Pick<RuleProbe, 'source' | 'sourcePort' | 'destination' | 'destinationPort'>;

function address(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

function ipPacket(
  { source, destination }: Pick<Ends, 'source' | 'destination'>,
  { protocol, number }: { readonly protocol: number; readonly number: number },
  payload: Buffer,
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x4500, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(number, 4);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  address(source).copy(header, 12);
  address(destination).copy(header, 16);
  header.writeUInt16BE(checksumOf(sumOf(header, 0, 20)), 10);
  return Buffer.concat([header, payload]);
}

function segment(ends: Ends, flags: number, text: string): Buffer {
  const made = Buffer.concat([Buffer.alloc(20), Buffer.from(text)]);
  made.writeUInt16BE(ends.sourcePort, 0);
  made.writeUInt16BE(ends.destinationPort, 2);
  made.writeUInt32BE(1000, 4);
  made.writeUInt32BE(flags === 0x02 ? 0 : 1, 8);
  made.writeUInt8(5 << 4, 12);
  made.writeUInt8(flags, 13);
  made.writeUInt16BE(8192, 14);
  made.writeUInt16BE(checksumIn(made, ends, numbers.tcp), 16);
  return made;
}

function datagram(ends: Ends): Buffer {
  const made = Buffer.concat([Buffer.alloc(8), Buffer.from('hello')]);
  made.writeUInt16BE(ends.sourcePort, 0);
  made.writeUInt16BE(ends.destinationPort, 2);
  made.writeUInt16BE(made.length, 4);
  made.writeUInt16BE(checksumIn(made, ends, numbers.udp), 6);
  return made;
}

function checksumIn(made: Buffer, { source, destination }: Ends, protocol: number): number {
  const head = Buffer.from([0, protocol, 0, made.length]);
  const pseudo = Buffer.concat([address(source), address(destination), head]);
  return checksumOf(sumOf(pseudo, 0, pseudo.length) + sumOf(made, 0, made.length));
}

/** What a router sends for whom a packet of the service was too big: it quotes it. */
function tooBig(ends: Ends, protocol: number): Buffer {
  const { source, sourcePort, destination, destinationPort } = ends;
  const ports = Buffer.alloc(8);
  ports.writeUInt16BE(destinationPort, 0);
  ports.writeUInt16BE(sourcePort, 2);
  const head = Buffer.from([3, 4, 0, 0, 0, 0, 0x05, 0x78]);
  const made = Buffer.concat([
    head,
    ipPacket({ source: destination, destination: source }, { protocol, number: 7 }, ports),
  ]);
  made.writeUInt16BE(checksumOf(sumOf(made, 0, made.length)), 2);
  return made;
}
