import type { PhaseEvidence } from '../../../evidence/model/evidence.js';
import { classifyCaptures } from '../../../verdict/captures/classifiedCaptures.js';
import { segmentsByConnection } from '../../../verdict/captures/connectionSegments.js';
import { labNodesOf, type LabNodes } from '../../../verdict/captures/labNodes.js';
import { portUsesOf } from '../../../verdict/captures/portUse.js';
import type { ConnectionFate, PhaseFinding, TraceFinding } from '../../../verdict/model/verdict.js';
import { seenBehindIpvs } from '../../../verdict/seenBehindIpvs.js';
import { packetPathsOf, type PacketPath } from './packetPaths.js';
import { condensed, type Gap } from './condensed.js';

/** A packet of a ladder; the times of its hops are in seconds since the connection's first packet. */
export interface LadderPacket extends PacketPath {
  readonly row: 'packet';
  readonly time: number;
  /** The rules that counted packets on the node where it ended, and that end packets. If there is only one, it was this one. */
  readonly takenBy: readonly string[];
}

/** One connection, packet by packet. */
export interface Ladder {
  readonly connection: ConnectionFate;
  /** The client's ends that others on the way saw: its own, and what it was translated to. */
  readonly names: readonly string[];
  /** Names of the nodes that it came through, from the client to what served it. */
  readonly lanes: readonly string[];
  readonly rows: readonly (LadderPacket | Gap)[];
  readonly packets: number;
}

/** More rows than this are no picture. */
const mostRows = 70;

/**
 * The ladder of one connection of a phase: the first whose fate is the outcome, else the first. Undefined where no capture has one of its
 * packets.
 */
export function ladderOf(
  recorded: PhaseEvidence,
  finding: PhaseFinding,
  trace: TraceFinding | undefined,
): Ladder | undefined {
  const phase = seenBehindIpvs(recorded);
  const lab = labNodesOf(phase);
  const captures = classifyCaptures(lab, phase);
  const uses = portUsesOf(phase.load?.connections ?? [], lab, captures);
  const segments = segmentsByConnection(captures, uses);
  const all = finding.connections.flatMap((connection, index) => {
    const use = uses.all[index];
    return use === undefined ? [] : [{ connection, use }];
  });
  const typical = all.filter(({ connection: { fate } }) => fate === finding.outcome);
  for (const { connection, use } of [...typical, ...all]) {
    const paths = packetPathsOf(segments.of(use), namesOf(lab, phase));
    const start = paths[0]?.hops[0]?.time;
    if (start === undefined) continue;
    const packets = paths.map((path) => packetOf(path, start, takersOf(finding, trace)));
    const rows = condensed(packets, mostRows);
    return { connection, names: use.names, lanes: lanesOf(lab, paths), rows, packets: packets.length };
  }
  return undefined;
}

function namesOf(
  { client, serving }: LabNodes,
  { nodes }: PhaseEvidence,
): Parameters<typeof packetPathsOf>[1] {
  const whole = nodes.filter(
    ({ capture, captureDrops = 0 }) => capture?.truncated === false && captureDrops === 0,
  );
  return {
    ends: new Set([client, ...serving].flatMap((node) => node?.name ?? [])),
    capturing: new Set(whole.map(({ name }) => name)),
  };
}

function packetOf(
  path: PacketPath,
  start: number,
  takers: ReadonlyMap<string, readonly string[]>,
): LadderPacket {
  const hops = path.hops.map((hop) => ({ ...hop, time: hop.time - start }));
  const { endsAt } = path;
  const takenBy = endsAt === undefined ? [] : (takers.get(endsAt) ?? []);
  return { ...path, row: 'packet', time: hops[0]?.time ?? 0, hops, takenBy };
}

/** Name of a node -> its rules that ended packets, or gave them another way, by their counters or by the trace. */
function takersOf(
  { numbers: { rejected, taken = [] } }: PhaseFinding,
  trace: TraceFinding | undefined,
): ReadonlyMap<string, readonly string[]> {
  const takers = new Map<string, readonly string[]>();
  for (const { node, rule } of [...rejected, ...taken, ...(trace?.culprits ?? [])]) {
    const known = takers.get(node) ?? [];
    if (!known.includes(rule)) takers.set(node, [...known, rule]);
  }
  return takers;
}

/** The nodes on the connection's way, in the order of the way there. */
function lanesOf(
  { client, router, directors, serving }: LabNodes,
  paths: readonly PacketPath[],
): readonly string[] {
  const met = new Set(paths.flatMap(({ hops }) => hops.flatMap(({ from, to }) => [from, to])));
  const order = [client, router, ...directors, ...serving].flatMap((node) => node?.name ?? []);
  return [...new Set(order)].filter((name) => met.has(name));
}
