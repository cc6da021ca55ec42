import { flowKey } from '../evidence/flow.js';
import type { PhaseEvidence } from '../evidence/types.js';
import type { Cast } from './cast.js';
import type { PortUse } from './portUse.js';

/** What IPVS on a director last knew of a connection. */
export interface LastEntry {
  /** Undefined: the entry was gone by the director's last sample. */
  readonly state: string | undefined;
  readonly realserver: string;
  /** The realserver was no destination of a service any more at the end: IPVS drops a connection's packets then, and counts none. */
  readonly destinationRemoved: boolean;
}

/** Looks up a connection's entry; `preferred` names the director to ask first. */
export type EntryLookup = (use: PortUse, preferred: string | undefined) => LastEntry | undefined;

interface Found extends LastEntry {
  readonly time: number;
}

/** Indexes the directors' IPVS samples. Persistence templates are no connections, and are left out. */
export function ipvsEntriesOf(phase: PhaseEvidence, { directors }: Cast): EntryLookup {
  const byDirector = new Map(directors.map((node) => [node.name, new Map<string, Found>()]));
  const lastTimes = new Map(phase.ipvs.map(({ node, time }) => [node, time]));
  for (const { node, time, connections } of phase.ipvs) {
    const destinations = directors.find(({ name }) => name === node)?.ipvsDestinations;
    for (const entry of connections) {
      if (entry.clientPort === 0 || entry.vip !== phase.vip || !phase.ports.includes(entry.vport)) continue;
      byDirector.get(node)?.set(flowKey(entry.clientAddress, entry.clientPort), {
        time,
        state: time === lastTimes.get(node) ? entry.state : undefined,
        realserver: entry.realserver,
        destinationRemoved: destinations?.includes(entry.realserver) === false,
      });
    }
  }
  return (use, preferred) => {
    // Entries have no birthday: one that a later connection from the same port may have made tells nothing.
    if (use.next !== undefined) return undefined;
    const found = [preferred, ...byDirector.keys()].map((name) => byDirector.get(name ?? '')?.get(use.key));
    return found.find((entry) => entry !== undefined && entry.time >= use.from);
  };
}
