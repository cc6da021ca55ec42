import { isClient } from '../../evidence/model/clientNode.js';
import { socketKey } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';
import type { RuleCount } from '../../evidence/model/ruleCount.js';
import { ipvsUnknown } from '../connections/ipvsEntries.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import { idleRules } from '../rules/idleRules.js';
import { flagsText } from '../model/expectationText.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { lateEvents } from './lateEvents.js';
import { movedCounters } from './movedCounters.js';
import {
  ruleText,
  rejectedBy,
  rejectingRules,
  divertingRules,
  uncountedRules,
} from '../rules/countedRules.js';
import { takeoversOf } from '../connections/takeovers.js';
import { medianAndMax } from './medianAndMax.js';
import { tally } from './tally.js';
import type { FlowNumbers, PhaseNumbers } from '../model/verdict.js';

/** The numbers behind a finding. Sockets, IPVS entries and ICMP are counted for the phase's own connections only. */
export function numbersOf(
  { phase, lab, connections }: JudgedPhase,
  flows: FlowNumbers | undefined,
): PhaseNumbers {
  const keys = new Set(connections.flatMap(({ names }) => names));
  const ends = phase.nodes.filter((node) => isClient(phase, node) || phase.serving.includes(node.name));
  const arrived = connections.map(({ wire }) => wire.director?.arrived);
  return {
    connections: connections.length,
    fates: tally(connections.map(({ fate }) => fate)),
    sockets: Object.fromEntries(ends.map((node) => [node.name, socketsByState(node, phase, keys)])),
    icmp: icmpOf(connections),
    rejected: counted(phase.nodes, rejectingRules),
    taken: counted(phase.nodes, divertingRules),
    uncounted: phase.nodes.flatMap((node) =>
      uncountedRules(node).map((rule) => ({ node: node.name, rule: ruleText(rule) })),
    ),
    counters: movedCounters(phase.nodes, phase.vip),
    takeovers: takeoversOf(phase, lab, connections),
    idle: idleRules(phase),
    lateEvents: lateEvents(phase),
    ipvs: tally(connections.flatMap(({ ipvs }) => ipvs?.state ?? [])),
    ipvsUnknown: ipvsUnknown(phase),
    closingSegments: {
      fin: arrived.reduce((sum, counts) => sum + (counts?.fin ?? 0), 0),
      rst: arrived.reduce((sum, counts) => sum + (counts?.rst ?? 0), 0),
    },
    connect: medianAndMax(connections.map(({ report }) => report.connectSeconds)),
    connectOnWire: medianAndMax(connections.map(connectOnWire)),
    firstByte: medianAndMax(connections.map(({ report }) => report.firstByteSeconds)),
    flows,
  };
}

/** Seconds for which the port was taken, and seconds from the first SYN to its answer. Neither counts how long the program took to call connect() or to look at its result. */
function connectOnWire({ report, wire: { client } }: SeenConnection): number | undefined {
  if (client?.openedAt === undefined || client.answeredAt === undefined) return undefined;
  return report.portWaitSeconds === undefined
    ? undefined
    : report.portWaitSeconds + client.answeredAt - client.openedAt;
}

function counted(
  nodes: readonly NodeEvidence[],
  rulesOf: (node: NodeEvidence) => readonly RuleCount[],
): PhaseNumbers['rejected'] {
  return nodes.flatMap((node) =>
    rulesOf(node)
      .map((rule) => ({ node: node.name, rule: ruleText(rule), packets: rejectedBy(rule) ?? 0 }))
      .filter(({ packets }) => packets > 0),
  );
}

function socketsByState(
  node: NodeEvidence,
  phase: PhaseEvidence,
  keys: ReadonlySet<string>,
): Record<string, number> {
  const sockets = node.samples.at(-1)?.sockets ?? [];
  // A node may have both ends.
  const ends = [
    ...(isClient(phase, node) ? [true] : []),
    ...(phase.serving.includes(node.name) ? [false] : []),
  ];
  return tally(
    sockets
      .filter((socket) => ends.some((onClient) => keys.has(socketKey(socket, onClient, phase) ?? '')))
      .map(({ state }) => state),
  );
}

function icmpOf(connections: readonly SeenConnection[]): PhaseNumbers['icmp'] {
  const lines = new Map<string, PhaseNumbers['icmp'][number]>();
  for (const { type, code, from, flags } of connections.flatMap(({ wire }) => wire.errors)) {
    const quoting = flagsText(flags);
    const name = `${type}/${code} ${from} ${quoting}`;
    lines.set(name, { type, code, from, quoting, count: (lines.get(name)?.count ?? 0) + 1 });
  }
  return [...lines.values()].sort((one, other) => other.count - one.count);
}
