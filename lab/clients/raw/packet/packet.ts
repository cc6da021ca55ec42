/** What a frame turned out to be. */
export const enum FrameKind {
  /** Cut off, contradicting itself, or a fragment. */
  malformed = 0,
  /** Well-formed as far as it was read, and nothing of TCP: another protocol, a neighbour's question, an echo. */
  other = 1,
  segment = 2,
  /** An ICMP error that quotes a TCP segment. */
  icmpError = 3,
}

/**
 * A frame, as `parseFrame` last read it; one object is used for all of them. Of an ICMP error, addresses, ports and sequence number
 * are those of the segment that it quotes. Positions are indices into the frame's buffer.
 */
export class Packet {
  /** 4 or 16. */
  addressBytes = 4;
  sourceAt = 0;
  destinationAt = 0;
  /** Of what is above IP, or of the quoted packet's. */
  protocol = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** 32 bits, signed. */
  sequence = 0;
  acknowledgement = 0;
  /** As in tcpFlags.ts. */
  flags = 0;
  window = 0;
  /** Of a SYN's option; 0: none. */
  mss = 0;
  payloadAt = 0;
  /** As the IP header has it. */
  payloadLength = 0;
  /** How much of the payload is in the buffer: a long frame may have been cut off when it was received. */
  payloadKept = 0;
  icmpType = 0;
  icmpCode = 0;
}
