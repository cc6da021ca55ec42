import { hasDatagrams } from '../../evidence/model/connectionKey.js';
import type { LoadReport } from '../../evidence/model/loadReport.js';
import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';
import { packetAccounting } from './accounting.js';
import type { LabNodes } from '../captures/labNodes.js';
import { eventDoubts } from './eventDoubts.js';
import { evidenceDoubts } from './evidenceDoubts.js';
import { flowDoubts } from '../flows/flowDoubts.js';
import { hiddenSockets } from '../numbers/lossCounters.js';
import { moreTime } from '../model/moreTime.js';
import type { JudgedConnection } from '../fates/judgedConnection.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import { turnedAway } from '../rules/countedRules.js';
import type { FlowNumbers } from '../model/verdict.js';

/** Why a phase cannot be judged, one sentence each; empty when it can. */
export function unsoundness(judged: JudgedPhase, flows: FlowNumbers | undefined): string[] {
  const { phase, lab, connections } = judged;
  return [
    ...evidenceDoubts(phase.problems),
    ...startDoubts(phase),
    ...loadDoubts(phase.load),
    ...eventDoubts(judged),
    ...nodeDoubts(phase, lab),
    ...captureDoubts(judged),
    ...(phase.settled
      ? []
      : ['The sockets were still changing at the deadline, so their states are no result yet.']),
    ...phase.nodes.flatMap(hiddenSockets),
    ...packetAccounting(judged, flows?.closingSegments),
    ...unexplained(connections),
    ...flowDoubts(phase, lab, flows),
  ];
}

/** What the measured run inherited from the control run may have decided it. */
function startDoubts({ start }: PhaseEvidence): string[] {
  return Object.entries(start?.known ?? {}).map(
    ([name, known]) =>
      `${name} did not start cold: it still knew ${known.length} ${known.length === 1 ? 'thing' : 'things'} of the time before, the first of them \`${known[0] ?? ''}\`.`,
  );
}

function loadDoubts(load: LoadReport | undefined): string[] {
  if (load === undefined) return ['The load never ran: there is no report of the load agent.'];
  if (load.connections.length === 0) return ['The load made no connections.'];
  const doubts: string[] = [];
  if (load.connections.length !== load.requested) {
    doubts.push(
      `The load was to make ${load.requested} connections and made ${load.connections.length} before its time was up: ${moreTime}.`,
    );
  }
  // The kernel may give a port out again; then the time tells whose it was.
  const withPort = load.connections.filter(({ localPort }) => localPort !== 0);
  const uses = new Set(withPort.map((one) => `${one.localAddress}:${one.localPort} ${one.openedAt}`));
  if (uses.size !== withPort.length) {
    doubts.push(
      `${withPort.length} connections had only ${uses.size} different local ports at different times, so they cannot be told apart.`,
    );
  }
  return doubts;
}

function nodeDoubts(phase: PhaseEvidence, { client, directors, serving }: LabNodes): string[] {
  const doubts: string[] = [];
  if (client === undefined) doubts.push('There is no evidence of the client.');
  if (directors.length === 0) doubts.push('There is no evidence of any director.');
  const missing = phase.serving.filter((name) => serving.every((node) => node.name !== name));
  doubts.push(...missing.map((name) => `There is no evidence of ${name}, which serves.`));
  for (const node of [client, ...serving]) {
    if (node !== undefined && !sampledAfter(node, phase.load)) {
      doubts.push(`${node.name} has no sample of its sockets from after the load.`);
    }
  }
  return doubts;
}

/** Captures that are missing, or empty where segments must have passed. */
function captureDoubts({ phase, lab, connections }: JudgedPhase): string[] {
  const { load } = phase;
  const { client, router, directors } = lab;
  const nodes = [client, router, ...directors].filter((node) => node !== undefined);
  const missing = nodes
    .filter(({ capture }) => capture === undefined)
    .map(({ name }) => `${name} has no capture.`);
  const unresolved = connections[0]?.resolution.unresolved ?? [];
  const isStuck = (role: 'client' | 'router' | 'director') => unresolved.some((one) => one.role === role);
  if (load?.connections.every(({ localPort }) => localPort === 0) === true || isStuck('client'))
    return missing;
  // Its own client's packets wait with those of nobody else.
  if (client?.role === 'director' && isStuck('director')) return missing;
  const allPast = connections.length > 0 && connections.every(({ wire }) => wire.past !== undefined);
  // The router's capture has what leaves it for the directors.
  const routerMayHaveAll = isStuck('router') || (router !== undefined && turnedAway(router) !== 0);
  const behindRouter = routerMayHaveAll
    ? []
    : [router === undefined ? [] : [router], ...(allPast ? [] : [directors])];
  // Of two directors one may stand by; together they must have seen something.
  const silent = [client === undefined ? [] : [client], ...behindRouter].filter(
    (group) => group.length > 0 && group.every(({ capture }) => capture?.segments.length === 0),
  );
  return [
    ...missing,
    ...silent.map(
      (group) =>
        `The capture of ${group.map(({ name }) => name).join(' and ')} has no ${hasDatagrams(phase) ? 'datagram' : 'TCP segment'}.`,
    ),
  ];
}

function sampledAfter(node: NodeEvidence, load: LoadReport | undefined): boolean {
  const last = node.samples.at(-1);
  return last !== undefined && (load === undefined || last.time > load.finishedAt);
}

function unexplained(connections: readonly JudgedConnection[]): string[] {
  const found = connections.filter(({ fate }) => fate === 'unexplained');
  const [first] = found;
  if (first === undefined) return [];
  return [
    `${found.length} of ${connections.length} connections are unexplained, the first of them ${first.key}: ${first.because}`,
  ];
}
