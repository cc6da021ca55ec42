import { clientKey } from '../../../evidence/model/connectionKey.js';
import type { CapturedSegment, NodeEvidence } from '../../../evidence/model/evidence.js';

/**
 * The segments or datagrams of a client that came to a director and did not leave it again, by its capture. Addresses and ports may differ behind
 * the director, so one that left is known by its numbers and its length, and is the newest one that came.
 */
export function notSentOn({ capture, macs }: NodeEvidence, client: string): readonly CapturedSegment[] {
  const segments = capture?.segments ?? [];
  const came = segments.filter(
    ({ destinationMac, source, sourcePort, tunnelled }) =>
      macs.includes(destinationMac) && !tunnelled && clientKey(source, sourcePort) === client,
  );
  const left = segments.filter(({ sourceMac }) => macs.includes(sourceMac));
  return came.filter((one, index) => {
    const again = came.slice(index + 1).find((later) => isAlike(later, one))?.time ?? Infinity;
    return !left.some((other) => isAlike(other, one) && other.time >= one.time && other.time < again);
  });
}

function isAlike(one: CapturedSegment, other: CapturedSegment): boolean {
  return (
    one.sequence === other.sequence &&
    one.acknowledgement === other.acknowledgement &&
    one.payloadLength === other.payloadLength &&
    one.udp === other.udp
  );
}
