import { addressBytes } from '../../../../../../lab/clients/raw/io/addresses.js';

/** Frames for tests, made without the code under test. */
export interface FrameParts {
  readonly source: string;
  readonly destination: string;
  /** TCP (6), ICMP (1) or ICMPv6 (58). */
  readonly protocol: number;
  /** What follows the IP header. */
  readonly payload: Buffer;
  /** Bytes of options in an IPv4 header. */
  readonly options?: number;
  readonly hopLimit?: number;
}

export const hostMac = Buffer.from('0242ac110002', 'hex');
export const otherMac = Buffer.from('0242ac110003', 'hex');

export function ipFrame({
  source,
  destination,
  protocol,
  payload,
  options = 0,
  hopLimit = 64,
}: FrameParts): Buffer {
  const [from, to] = [addressBytes(source), addressBytes(destination)];
  if (from.length === 4) {
    const header = Buffer.alloc(20 + options);
    header[0] = 0x45 + options / 4;
    header.writeUInt16BE(header.length + payload.length, 2);
    header[8] = hopLimit;
    header[9] = protocol;
    header.set(from, 12);
    header.set(to, 16);
    return Buffer.concat([ethernet(0x0800), header, payload]);
  }
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = protocol;
  header[7] = hopLimit;
  header.set(from, 8);
  header.set(to, 24);
  return Buffer.concat([ethernet(0x86dd), header, payload]);
}

export function tcp(sourcePort: number, destinationPort = 1024): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(sourcePort, 0);
  segment.writeUInt16BE(destinationPort, 2);
  segment[12] = 0x50;
  return segment;
}

export function arpFrame(
  operation: 1 | 2,
  [senderMac, sender]: readonly [Buffer, string],
  [targetMac, target]: readonly [Buffer, string],
): Buffer {
  const head = Buffer.from([0, 1, 8, 0, 6, 4, 0, operation]);
  return Buffer.concat([
    ethernet(0x0806, operation === 1 ? Buffer.alloc(6, 0xff) : targetMac, senderMac),
    ...[head, senderMac, addressBytes(sender), targetMac, addressBytes(target)],
  ]);
}

function ethernet(type: number, to: Buffer = hostMac, from: Buffer = otherMac): Buffer {
  return Buffer.concat([to, from, Buffer.from([type >>> 8, type & 0xff])]);
}
