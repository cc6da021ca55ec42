import { clientKey, isOfService } from '../../evidence/model/connectionKey.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { PortUse } from '../captures/portUse.js';

/** What IPVS on a director last knew of a connection. */
export interface LastEntry {
  /** Undefined: the entry was gone from the director's last listing. */
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
export function ipvsEntriesOf(phase: PhaseEvidence, { directors }: LabNodes): EntryLookup {
  const byDirector = new Map(directors.map((node) => [node.name, new Map<string, Found>()]));
  const last = new Map(phase.ipvs.map((sample) => [sample.node, sample]));
  for (const sample of phase.ipvs) {
    const { node, time, connections } = sample;
    const destinations = directors.find(({ name }) => name === node)?.ipvsDestinations;
    for (const entry of connections) {
      if (entry.clientPort === 0 || !isOfService(entry, phase)) continue;
      byDirector.get(node)?.set(clientKey(entry.clientAddress, entry.clientPort), {
        time,
        state: sample === last.get(node) ? entry.state : undefined,
        realserver: entry.realserver,
        destinationRemoved: destinations?.includes(entry.realserver) === false,
      });
    }
  }
  return (use, preferred) => {
    // Entries have no birthday: one that a later connection from the same port may have made tells nothing.
    if (use.next !== undefined) return undefined;
    const found = [preferred, ...byDirector.keys()].flatMap((director) =>
      use.names.map((name) => byDirector.get(director ?? '')?.get(name)),
    );
    return found.find((entry) => entry !== undefined && entry.time >= use.from);
  };
}

/** Why it is not known which IPVS entries the phase's connections had at the end; undefined: it is. */
export function ipvsUnknown({ ipvs, nodes }: PhaseEvidence): string | undefined {
  const doubts = nodes.flatMap(({ name, role }) => {
    if (role !== 'director') return [];
    const last = ipvs.findLast(({ node }) => node === name);
    if (last?.end === undefined) return [`there is no listing from the end of ${name}'s table`];
    return last.end.doubt === undefined ? [] : [`${last.end.doubt} (${name})`];
  });
  return doubts.length === 0 ? undefined : doubts.join('; ');
}
