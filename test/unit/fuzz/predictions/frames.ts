import { checksumOf, sumOf } from '../../../../lab/clients/raw/packet/checksum.js';
import { port, type Probe, vip } from './probes.js';

/** An Ethernet frame with a probe, which has its number in the field for IP's identification. */
export function frameOf(
  { flags, source, sourcePort, kind }: Probe,
  number: number,
  { to, from }: { readonly to: Buffer; readonly from: Buffer },
): Buffer {
  const packet =
    flags === undefined
      ? ipPacket(source, vip, 1, number, tooBig(source, sourcePort))
      : ipPacket(
          source,
          vip,
          6,
          number,
          segment(source, sourcePort, flags, kind.includes('data') ? 'hello' : ''),
        );
  return Buffer.concat([to, from, Buffer.from([0x08, 0x00]), packet]);
}

function address(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

function ipPacket(
  source: string,
  destination: string,
  protocol: number,
  number: number,
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

function segment(source: string, sourcePort: number, flags: number, text: string): Buffer {
  const made = Buffer.concat([Buffer.alloc(20), Buffer.from(text)]);
  made.writeUInt16BE(sourcePort, 0);
  made.writeUInt16BE(port, 2);
  made.writeUInt32BE(1000, 4);
  made.writeUInt32BE(flags === 0x02 ? 0 : 1, 8);
  made.writeUInt8(5 << 4, 12);
  made.writeUInt8(flags, 13);
  made.writeUInt16BE(8192, 14);
  const pseudo = Buffer.concat([address(source), address(vip), Buffer.from([0, 6, 0, made.length])]);
  made.writeUInt16BE(checksumOf(sumOf(pseudo, 0, pseudo.length) + sumOf(made, 0, made.length)), 16);
  return made;
}

/** What a router sends for whom a packet of the service was too big: it quotes it. */
function tooBig(source: string, sourcePort: number): Buffer {
  const ports = Buffer.alloc(8);
  ports.writeUInt16BE(port, 0);
  ports.writeUInt16BE(sourcePort, 2);
  const head = Buffer.from([3, 4, 0, 0, 0, 0, 0x05, 0x78]);
  const made = Buffer.concat([head, ipPacket(vip, source, 6, 7, ports)]);
  made.writeUInt16BE(checksumOf(sumOf(made, 0, made.length)), 2);
  return made;
}
