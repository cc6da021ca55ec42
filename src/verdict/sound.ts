import type { LoadReport, NodeEvidence, PhaseEvidence } from '../evidence/types.js';
import { unaccounted } from './accounting.js';
import type { Cast } from './cast.js';
import type { Observation } from './observation.js';
import type { ConnectionFate } from './types.js';

/** Kernel counters that say sockets were thrown away, so that "gone" no longer means "closed". */
const hidingCounters: Readonly<Record<string, string>> = {
  TcpExtTCPTimeWaitOverflow: 'raise net.ipv4.tcp_max_tw_buckets there',
  TcpExtTCPAbortOnMemory: 'raise net.ipv4.tcp_max_orphans on the engine, or make fewer connections',
};

/** Why a phase cannot be judged, one sentence each; empty when it can. */
export function unsoundness(
  phase: PhaseEvidence,
  cast: Cast,
  observations: readonly Observation[],
  fates: readonly ConnectionFate[],
): string[] {
  return [
    ...phase.problems.map((problem) => `Evidence is missing or unreadable: ${problem}`),
    ...loadDoubts(phase.load),
    ...nodeDoubts(phase, cast),
    ...(phase.settled
      ? []
      : ['The sockets were still changing at the deadline, so their states are no result yet.']),
    ...phase.nodes.flatMap(hiddenSockets),
    ...unaccounted(cast, observations, fates),
    ...unexplained(fates),
  ];
}

function loadDoubts(load: LoadReport | undefined): string[] {
  if (load === undefined) return ['The load never ran: there is no report of the load agent.'];
  if (load.connections.length === 0) return ['The load made no connections.'];
  const doubts: string[] = [];
  if (load.connections.length !== load.requested) {
    doubts.push(`The load was to make ${load.requested} connections and made ${load.connections.length}.`);
  }
  const tuples = new Set(load.connections.map((one) => `${one.localAddress}:${one.localPort}`));
  if (tuples.size !== load.connections.length) {
    doubts.push(
      `${load.connections.length} connections had only ${tuples.size} different local ports, so they cannot be told apart.`,
    );
  }
  return doubts;
}

function nodeDoubts(phase: PhaseEvidence, { client, director, realservers }: Cast): string[] {
  const doubts: string[] = [];
  if (client === undefined) doubts.push('There is no evidence of the client.');
  if (director === undefined) doubts.push('There is no evidence of the director.');
  if (realservers.length === 0) doubts.push('There is no evidence of any realserver.');
  for (const node of [client, ...realservers]) {
    if (node !== undefined && !sampledAfter(node, phase.load)) {
      doubts.push(`${node.name} has no sample of its sockets from after the load.`);
    }
  }
  for (const node of [client, director]) {
    if (node === undefined) continue;
    if (node.capture === undefined) doubts.push(`${node.name} has no capture.`);
    else if (node.capture.segments.length === 0)
      doubts.push(`The capture of ${node.name} has no TCP segment.`);
  }
  return doubts;
}

function sampledAfter(node: NodeEvidence, load: LoadReport | undefined): boolean {
  const last = node.samples.at(-1);
  return last !== undefined && (load === undefined || last.time > load.finishedAt);
}

function hiddenSockets({ name, counters }: NodeEvidence): string[] {
  return Object.entries(hidingCounters)
    .filter(([counter]) => (counters[counter] ?? 0) > 0)
    .map(
      ([counter, remedy]) =>
        `${name} threw sockets away before they were closed (${counter} is ${counters[counter]}): ${remedy}.`,
    );
}

function unexplained(fates: readonly ConnectionFate[]): string[] {
  const found = fates.filter(({ fate }) => fate === 'unexplained');
  const [first] = found;
  if (first === undefined) return [];
  return [
    `${found.length} of ${fates.length} connections are unexplained, the first of them ${first.client}: ${first.because}`,
  ];
}
