import type { Fault } from './fault.js';

/** A connection and what was wrong with it. */
export interface FaultyConnection {
  /** The client's `address:port`. */
  readonly key: string;
  readonly fault: Fault;
}

/** One sentence for each kind of fault: what was asked for, what was seen instead, on how many connections, and the first of these. */
export function complaints(faulty: readonly FaultyConnection[], checked: number, noun: string): string[] {
  const kinds = new Map<string, FaultyConnection[]>();
  for (const connection of faulty) {
    const { asked, seen } = connection.fault;
    const kind = `asked for was ${asked}; ${seen}`;
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [connection]);
    else known.push(connection);
  }
  return [...kinds].map(([kind, of]) => {
    const [first] = of;
    const detail = first?.fault.detail === undefined ? '' : `: ${first.fault.detail}`;
    return `${of.length} of ${checked} ${noun} did not do on the wire what the scenario says: ${kind} (the first, ${first?.key ?? ''}${detail}).`;
  });
}
