import type { KernelPassage, TracedPacket } from '../../../evidence/model/traced.js';

/** For packets that came to a node, how functions of the kernel met them. Packets that are alike came in the same order in both. */
export function kernelView(
  packets: readonly TracedPacket[],
  passages: readonly KernelPassage[],
): ReadonlyMap<TracedPacket, KernelPassage> {
  const left = new Map<string, KernelPassage[]>();
  for (const passage of passages) {
    const key = keyOf(passage);
    left.set(key, [...(left.get(key) ?? []), passage]);
  }
  const view = new Map<TracedPacket, KernelPassage>();
  for (const packet of packets) {
    const same = packet.way === 'arrived' ? left.get(keyOf(packet))?.shift() : undefined;
    if (same !== undefined) view.set(packet, same);
  }
  return view;
}

/** What both tell of a packet in the same words. */
function keyOf({
  kind,
  sourcePort,
  destinationPort,
  id,
}: Pick<TracedPacket, 'kind' | 'sourcePort' | 'destinationPort' | 'id'>): string {
  return [kind, sourcePort, destinationPort, id].join(' ');
}

/** That IPVS took packets and freed what connection tracking had of them; undefined: it was not seen to do so. */
export function freedText(passages: readonly KernelPassage[]): string | undefined {
  const sent = passages.filter(({ sentBy }) => sentBy !== undefined);
  const freed = sent.filter(({ entry, sentBy, freedIn }) => entry === 'new' && freedIn === sentBy);
  const [first] = freed;
  if (first === undefined) return undefined;
  const by = first.sentBy ?? '';
  const which = freed.length === sent.length ? 'each' : `${String(freed.length)} of ${String(sent.length)}`;
  if (sent.length === 1)
    return `${by} took it, and it had an entry of its own by then, which was freed in there (nf_conntrack_free)`;
  return `${by} took them, and ${which} had an entry of its own by then, which was freed in there (nf_conntrack_free)`;
}

/** What connection tracking did with a packet that fits no state; undefined: it was not seen to refuse it. */
export function refusedText({ kind, isRefused, entry }: KernelPassage): string | undefined {
  if (!isRefused) return undefined;
  const by = `nf_conntrack_${kind === 'UDP' ? 'udp' : 'tcp'}_packet`;
  return entry === 'new'
    ? `${by} got a new entry for it, and refused to begin a connection with it`
    : `${by} got the connection's entry, and found that it does not fit`;
}
