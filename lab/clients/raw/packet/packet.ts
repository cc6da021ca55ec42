/** What kind of frame was read. */
export const enum FrameKind {
  /** The frame is cut off, contradicts itself, or is a fragment. */
  malformed = 0,
  /** The frame is well-formed as far as it was read, but is nothing of a flow: another protocol, a neighbour's question, an echo. */
  other = 1,
  /** A segment of TCP. */
  segment = 2,
  /** An ICMP error that quotes a segment of TCP or a datagram of UDP. */
  icmpError = 3,
  /** A datagram of UDP. */
  datagram = 4,
}

const noBytes = Buffer.alloc(0);

/**
 * A frame, as `parseFrame` last read it; one object is used for all of them. Of an ICMP error, addresses, ports and sequence number
 * are those of the packet that it quotes. Positions are indices into `bytes`.
 */
export class Packet {
  /** What the frame was read from. */
  bytes: Buffer = noBytes;
  /** Length of an address in bytes: 4 or 16. */
  addressBytes = 4;
  sourceAt = 0;
  destinationAt = 0;
  /** The protocol above IP; for an ICMP error, the quoted packet's. */
  protocol = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** The sequence number, as a signed 32-bit number. */
  sequence = 0;
  acknowledgement = 0;
  /** The TCP flags, as bits of tcpFlags.ts. */
  flags = 0;
  window = 0;
  /** The maximum segment size in a SYN's option; 0: there is no such option. */
  mss = 0;
  /** Bytes above IP, according to its header. */
  lengthAboveIp = 0;
  payloadAt = 0;
  /** Bytes of payload according to the headers. */
  payloadLength = 0;
  /** Bytes of payload in the buffer; fewer when a long frame was cut off on arrival. */
  payloadKept = 0;
  icmpType = 0;
  icmpCode = 0;
}
