/** Packets made by hand, for what no recording at hand has. */

/** An Ethernet frame from 02:00:00:00:00:01 to 02:00:00:00:00:02. */
export function ethernet(payload: Buffer): Buffer {
  const type = payload.readUInt8(0) >> 4 === 6 ? '86dd' : '0800';
  return Buffer.concat([Buffer.from(`020000000002020000000001${type}`, 'hex'), payload]);
}

/** An IPv4 packet from 10.0.0.1 to 10.0.0.2. */
export function ipv4(protocol: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  Buffer.from([10, 0, 0, 1, 10, 0, 0, 2]).copy(header, 12);
  return Buffer.concat([header, payload]);
}

/** An IPv6 packet from fd00::1 to fd00::2 with a hop limit of 63. */
export function ipv6(nextHeader: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(payload.length, 4);
  header.writeUInt8(nextHeader, 6);
  header.writeUInt8(63, 7);
  Buffer.from('fd000000000000000000000000000001fd000000000000000000000000000002', 'hex').copy(header, 8);
  return Buffer.concat([header, payload]);
}

/** An IPv6 extension header of 8 bytes times `units`; its second byte is its length, for all but a fragment header. */
export function extension(nextHeader: number, units: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(units * 8);
  header.writeUInt8(nextHeader, 0);
  header.writeUInt8(units - 1, 1);
  return Buffer.concat([header, payload]);
}

/** A fragment header; `offset` in units of 8 bytes. */
export function fragment(nextHeader: number, offset: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(nextHeader, 0);
  header.writeUInt16BE(offset << 3, 2);
  return Buffer.concat([header, payload]);
}

/** A FIN,ACK from port 40000 to port 80. */
export function tcp({ payload = 0 }: { readonly payload?: number } = {}): Buffer {
  const segment = Buffer.alloc(20 + payload);
  segment.writeUInt16BE(40000, 0);
  segment.writeUInt16BE(80, 2);
  segment.writeUInt8(0x50, 12);
  segment.writeUInt8(0x11, 13);
  return segment;
}

/** An ICMP or ICMPv6 error that quotes a packet. */
export function icmpError(type: number, code: number, quoted: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), quoted]);
}
