import type { TracedPacket } from '../model/traced.js';

/** Packets that iptables-legacy logged, with the states of connections that nft saw the same packets have. */
export function withStates(
  logged: readonly TracedPacket[],
  followed: readonly TracedPacket[],
): readonly TracedPacket[] {
  const left = new Map<string, TracedPacket[]>();
  for (const packet of followed) {
    const key = keyOf(packet);
    left.set(key, [...(left.get(key) ?? []), packet]);
  }
  return logged.map((packet) => {
    const same = left.get(keyOf(packet))?.shift();
    return same?.state === undefined ? packet : { ...packet, state: same.state };
  });
}

/** What both tools tell of a packet in the same words. Packets that are alike come in the same order. */
function keyOf({ way, kind, source, destination, sourcePort, destinationPort, id }: TracedPacket): string {
  return [way, kind, source, destination, sourcePort ?? '', destinationPort ?? '', id ?? ''].join(' ');
}
