import { clientKey } from '../../evidence/model/connectionKey.js';
import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { CapturedSegment } from '../../evidence/model/evidence.js';
import type { ClassifiedCaptures } from './classifiedCaptures.js';
import type { LabNodes } from './labNodes.js';
import { isPast } from './sequenceNumbers.js';

/**
 * One connection of the load, as the use of a client's port for a time: from its first SYN to that of the next connection from the
 * same port. Whatever was captured or sampled of the port in that time belongs to it.
 */
export interface PortUse {
  /** What the load agent reports of the connection. */
  readonly report: ClientConnection;
  /** The client's `address:port`. */
  readonly key: string;
  /**
   * The key, and the client's ends that SNAT or MASQUERADE gave the connection on its way. They are found in captures behind the
   * translating node, by the SYN's sequence number, and in what the nodes' conntrack lists.
   */
  readonly names: readonly string[];
  /** When its first SYN left; where the client's capture has none, when the load agent began to open it. */
  readonly from: number;
  /** Sequence number of that SYN. */
  readonly sequence: number | undefined;
  /** The next connection from the same port. */
  readonly next: PortUse | undefined;
}

export interface PortUses {
  readonly all: readonly PortUse[];
  /** The connection that a client's end, as it was or as it was translated, belonged to at a time; undefined: to none of the load's. */
  at(key: string, time: number): PortUse | undefined;
  /** Whether this is the load's first connection from its port. */
  isFirst(use: PortUse): boolean;
}

/** Tells the connections of the load apart by port and time; `all` has them in the order of the load's report. */
export function portUsesOf(
  connections: readonly ClientConnection[],
  lab: LabNodes,
  captures: ClassifiedCaptures,
): PortUses {
  const syns = synsOf(captures);
  const translated = translatedSyns(captures, new Set(connections.map(({ localAddress }) => localAddress)));
  const latest = new Map<string, PortUse>();
  /** Client's end after a translation -> the connections that had it, the latest first. */
  const behind = new Map<string, PortUse[]>();
  const made = new Map<ClientConnection, PortUse>();
  // Last first, because each needs to know the one that comes after it.
  for (const report of connections.toSorted((one, other) => other.openedAt - one.openedAt)) {
    const key = clientKey(report.localAddress, report.localPort);
    const next = latest.get(key);
    const syn = syns.get(key)?.find(({ time }) => time >= report.openedAt && time < (next?.from ?? Infinity));
    const from = syn?.time ?? report.openedAt;
    const seen = syn === undefined ? [] : translated(syn, next?.from ?? Infinity);
    // An entry of connection tracking has no birthday: it is the last connection's.
    const names = next === undefined ? listedBehind([key, ...seen], lab) : [key, ...seen];
    const use: PortUse = { report, key, names, from, sequence: syn?.sequence, next };
    latest.set(key, use);
    for (const name of names.slice(1)) behind.set(name, [...(behind.get(name) ?? []), use]);
    made.set(report, use);
  }
  return {
    all: connections.map((report) => made.get(report)).filter((use) => use !== undefined),
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

/** The SYNs that the client sent to the service, by the client's end, in order. */
function synsOf({ client: capture }: ClassifiedCaptures): Map<string, CapturedSegment[]> {
  const syns = new Map<string, CapturedSegment[]>();
  for (const { segment, kind, direction, client, handling } of capture?.segments ?? []) {
    if (kind !== 'syn' || direction !== 'to-service' || handling !== 'sent' || client === undefined) continue;
    const known = syns.get(client);
    if (known === undefined) syns.set(client, [segment]);
    else known.push(segment);
  }
  return syns;
}

/**
 * Looks up which other addresses and ports the client's SYN had in the captures of router and directors, up to a time. Segments that
 * come from the client's `own` addresses were not translated.
 */
function translatedSyns(
  { router, directors }: ClassifiedCaptures,
  own: ReadonlySet<string>,
): (syn: CapturedSegment, until: number) => readonly string[] {
  const bySequence = new Map<number, { readonly name: string; readonly time: number }[]>();
  for (const capture of [router, ...directors]) {
    for (const { kind, segment } of capture?.segments ?? []) {
      const { sequence, source, sourcePort, time } = segment;
      if (kind !== 'syn' || own.has(source)) continue;
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

/** These client's ends of a connection, and those that conntrack on the nodes lists as their translations. */
function listedBehind(names: readonly string[], { byMac }: LabNodes): readonly string[] {
  const known = new Set(names);
  const translations = [...new Set(byMac.values())].flatMap((node) => node.translations ?? []);
  // A set gives out what is added while it is gone through: one translator may follow another.
  for (const name of known) {
    for (const { client, clientBehind } of translations) if (client === name) known.add(clientBehind);
  }
  return [...known];
}
