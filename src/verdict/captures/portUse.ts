import type { ClientConnection } from '../../evidence/model/loadReport.js';
import { clientKey, serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedSegment } from '../../evidence/model/types.js';
import type { LabNodes } from './labNodes.js';
import { isPast } from './sequence.js';

/**
 * One of the connections that a client's port was used for. What was captured or sampled of the port from its first SYN on, and
 * before the next connection's, belongs to it; what was there before is an earlier connection's.
 */
export interface PortUse {
  /** The client's `address:port`. */
  readonly key: string;
  /**
   * The key, and how it goes on behind nodes that translate the client's address or port (SNAT, MASQUERADE): by captures, which have
   * its SYN, told from all others by its sequence number, from there; and by what nodes say that they track.
   */
  readonly names: readonly string[];
  /** When its first SYN left, or, where the client's capture has none, when the client set out to open it. */
  readonly from: number;
  /** Sequence number of that SYN. */
  readonly sequence: number | undefined;
  /** The next connection from the same port. */
  readonly next: PortUse | undefined;
}

export interface PortUses {
  /** In the order of the connections they were made for. */
  readonly all: readonly PortUse[];
  /** Whom a moment of a port, or of what it was translated to, belongs to; undefined: to a connection from before, or to nobody. */
  at(key: string, time: number): PortUse | undefined;
  /** Whether no other connection of the load had the port before. */
  isFirst(use: PortUse): boolean;
}

/** Tells the connections of the load apart by port and time. */
export function portUsesOf(
  connections: readonly ClientConnection[],
  lab: LabNodes,
  service: Service,
): PortUses {
  const syns = synsOf(lab, service);
  const translated = translatedSyns(lab, new Set(connections.map(({ localAddress }) => localAddress)));
  const order = connections.map((_, index) => index);
  // Last first, because each needs to know the one that comes after it.
  order.sort((one, other) => (connections[other]?.openedAt ?? 0) - (connections[one]?.openedAt ?? 0));
  const latest = new Map<string, PortUse>();
  /** Names behind translators -> those that went by them, the latest first. */
  const behind = new Map<string, PortUse[]>();
  const all: PortUse[] = [];
  for (const index of order) {
    const connection = connections[index];
    if (connection === undefined) continue;
    const key = clientKey(connection.localAddress, connection.localPort);
    const next = latest.get(key);
    const syn = syns
      .get(key)
      ?.find(({ time }) => time >= connection.openedAt && time < (next?.from ?? Infinity));
    const from = syn?.time ?? connection.openedAt;
    const seen = syn === undefined ? [] : translated(syn, next?.from ?? Infinity);
    // An entry of connection tracking has no birthday: it is the last connection's.
    const names = next === undefined ? listedBehind([key, ...seen], lab) : [key, ...seen];
    const use: PortUse = { key, names, from, sequence: syn?.sequence, next };
    latest.set(key, use);
    for (const name of names.slice(1)) behind.set(name, [...(behind.get(name) ?? []), use]);
    all[index] = use;
  }
  return {
    all,
    at: (key, time) =>
      useAt(latest.get(key), time) ??
      behind.get(key)?.find(({ from, next }) => time >= from && time < (next?.from ?? Infinity)),
    isFirst: (use) => latest.get(use.key) === use,
  };
}

/** Whether a segment of the client's continues this connection: an earlier one's sequence numbers are lower. */
export function continues({ sequence }: PortUse, segment: CapturedSegment): boolean {
  return sequence === undefined || !isPast(sequence, segment.sequence);
}

function useAt(first: PortUse | undefined, time: number): PortUse | undefined {
  if (first === undefined || time < first.from) return undefined;
  let use = first;
  while (use.next !== undefined && time >= use.next.from) use = use.next;
  return use;
}

/** The SYNs in the client's capture, by the client's end, in order. */
function synsOf({ client }: LabNodes, service: Service): Map<string, CapturedSegment[]> {
  const syns = new Map<string, CapturedSegment[]>();
  for (const segment of client?.capture?.segments ?? []) {
    if (!segment.flags.syn || segment.flags.ack || client?.macs.includes(segment.sourceMac) !== true)
      continue;
    const flow = serviceTrafficOf(segment, service);
    if (flow?.fromClient !== true) continue;
    const known = syns.get(flow.key);
    if (known === undefined) syns.set(flow.key, [segment]);
    else known.push(segment);
  }
  return syns;
}

/**
 * Looks up the ends that a SYN came from in the captures of router and directors until a moment. A translator gives
 * other addresses than the client's `own`.
 */
function translatedSyns(
  { router, directors }: LabNodes,
  own: ReadonlySet<string>,
): (syn: CapturedSegment, until: number) => readonly string[] {
  const bySequence = new Map<number, { readonly name: string; readonly time: number }[]>();
  for (const node of [...(router === undefined ? [] : [router]), ...directors]) {
    for (const { flags, sequence, source, sourcePort, time } of node.capture?.segments ?? []) {
      if (!flags.syn || flags.ack || own.has(source)) continue;
      const name = clientKey(source, sourcePort);
      const known = bySequence.get(sequence);
      if (known === undefined) bySequence.set(sequence, [{ name, time }]);
      else known.push({ name, time });
    }
  }
  return (syn, until) => {
    const same = bySequence.get(syn.sequence) ?? [];
    return [...new Set(same.filter(({ time }) => time >= syn.time && time < until).map(({ name }) => name))];
  };
}

/** These names of a connection, and those that nodes on its way list as what they translated them to. */
function listedBehind(names: readonly string[], { byMac }: LabNodes): readonly string[] {
  const known = new Set(names);
  const translations = [...new Set(byMac.values())].flatMap((node) => node.translations ?? []);
  // A set gives out what is added while it is gone through: one translator may follow another.
  for (const name of known) {
    for (const { client, clientBehind } of translations) if (client === name) known.add(clientBehind);
  }
  return [...known];
}
