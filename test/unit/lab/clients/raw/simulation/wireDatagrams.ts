import { internetChecksum, packetFrame, payloadOf, pseudoHeader } from './wireFormat.js';

/** A second reading and writing of datagrams for the tests, which shares nothing with lab/clients/raw/packet. */
export interface WireDatagram {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly text: string;
}

/** A frame of the load, all lengths and checksums checked. */
export function readDatagram(frame: Buffer): WireDatagram {
  const { addresses, source, destination, payload: udp } = payloadOf(frame, 17);
  if (udp.readUInt16BE(4) !== udp.length) throw new Error('UDP length');
  if (udp.readUInt16BE(6) === 0) throw new Error('no UDP checksum');
  if (internetChecksum(Buffer.concat([pseudoHeader(addresses, udp.length, 17), udp])) !== 0) {
    throw new Error('UDP checksum');
  }
  return {
    source,
    destination,
    sourcePort: udp.readUInt16BE(0),
    destinationPort: udp.readUInt16BE(2),
    text: udp.toString('latin1', 8),
  };
}

/** A frame for the client; its checksum is left zero, as offload leaves it. */
export function writeDatagram({
  source,
  destination,
  sourcePort,
  destinationPort,
  text,
}: WireDatagram): Buffer {
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(sourcePort, 0);
  udp.writeUInt16BE(destinationPort, 2);
  udp.writeUInt16BE(8 + text.length, 4);
  return packetFrame(17, source, destination, Buffer.concat([udp, Buffer.from(text, 'latin1')]));
}

/** An ICMP error from the director about a datagram of the client. */
export function icmpAbout(frame: Buffer, type: number, code: number): Buffer {
  const { source, destination } = readDatagram(frame);
  const isIpv4 = frame.readUInt16BE(12) === 0x0800;
  const quote = frame.subarray(14, isIpv4 ? 14 + 28 : frame.length);
  const icmp = Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), quote]);
  return packetFrame(isIpv4 ? 1 : 58, destination, source, icmp);
}
