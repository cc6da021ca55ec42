import { z } from 'zod';
import { parseRecordedJson } from '../text/parseRecordedJson.js';

/** For each interface, the value of each counter (`rx_dropped`, `tx_errors` and so on). */
export type LinkCounters = Readonly<Record<string, Readonly<Record<string, number>>>>;

const counters = z.record(z.string(), z.number());
const links = z.array(z.object({ ifname: z.string(), stats64: z.object({ rx: counters, tx: counters }) }));

/** Reads the output of `ip -s -j link show`. Throws EvidenceError when it is something else. */
export function parseLinks(text: string): LinkCounters {
  return Object.fromEntries(
    parseRecordedJson(links, text).map(({ ifname, stats64 }) => [
      ifname,
      { ...named('rx', stats64.rx), ...named('tx', stats64.tx) },
    ]),
  );
}

/** What was counted between two readings. An interface that the first reading lacks has counted from 0. */
export function linksSince(before: LinkCounters, after: LinkCounters): LinkCounters {
  return mapValues(after, (values, link) =>
    mapValues(values, (value, name) => value - (before[link]?.[name] ?? 0)),
  );
}

function named(direction: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${direction}_${name}`, value]));
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  change: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
