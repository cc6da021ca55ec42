import { isClient } from '../../../evidence/model/clientNode.js';
import { socketKey } from '../../../evidence/model/connectionKey.js';
import type {
  IpvsSample,
  NodeEvidence,
  PhaseEvidence,
  SocketSample,
} from '../../../evidence/model/evidence.js';
import type { FlowEvidence, FlowSecond, Latency } from '../../../evidence/model/flowTypes.js';
import { seenBehindIpvs } from '../../../verdict/seenBehindIpvs.js';
import type { Curves, LoadCurves, Moment, NodeCurves } from './curveTypes.js';
import { thinned } from './thinned.js';

/** No plot is wide enough to show more moments. */
const mostMoments = 120;

/** For each node, its sockets of the load by state, in the order of time. A node that never had one is left out. */
export function socketCurves(recorded: PhaseEvidence): readonly NodeCurves[] {
  const phase = seenBehindIpvs(recorded);
  const start = startOf(phase);
  const ofConnections = phase.nodes.map((node) => ({
    node: node.name,
    of: 'connections' as const,
    ...curvesOf(node.samples.map((sample) => socketsAt(sample, node, { phase, start }))),
  }));
  const ofFlows = Object.entries(phase.flows?.sockets ?? {}).map(([node, tallies]) => ({
    node,
    of: 'flows' as const,
    ...curvesOf(tallies.map(({ time, states }) => ({ time: time - start, values: states }))),
  }));
  return [...ofFlows, ...ofConnections].filter(({ names }) => names.length > 0);
}

/** For each director, its IPVS entries of the service by state; templates of persistence are left out. */
export function ipvsCurves(phase: PhaseEvidence): readonly NodeCurves[] {
  const start = startOf(phase);
  const directors = phase.nodes.filter(({ role }) => role === 'director').map(({ name }) => name);
  const end = Math.max(...phase.nodes.flatMap(({ samples }) => samples.at(-1)?.until ?? []), start) - start;
  const ofConnections = directors.map((node) => ({
    node,
    of: 'connections' as const,
    ...curvesOf(
      phase.ipvs
        .filter((sample) => sample.node === node)
        .map((sample) => entriesAt(sample, sample.time === Infinity ? end : sample.time - start)),
    ),
  }));
  const ofFlows = Object.entries(phase.flows?.ipvs ?? {}).map(([node, tallies]) => ({
    node,
    of: 'flows' as const,
    ...curvesOf(tallies.map(({ time, states }) => ({ time: time - start, values: states }))),
  }));
  return [...ofFlows, ...ofConnections].filter(({ names }) => names.length > 0);
}

/** What the raw-socket load did; undefined where there was none, or it never told. */
export function loadCurves({ flows }: PhaseEvidence): LoadCurves | undefined {
  if (flows === undefined || flows.seconds.length === 0) return undefined;
  const start = flows.report?.startedAt ?? flows.seconds[0]?.at ?? 0;
  return { rates: ratesOf(flows, start), held: heldOf(flows, start), connect: connectTimesOf(flows, start) };
}

/** When the load began (that of the flows, if there are any); if that is unknown, the time of the first sample. */
function startOf({ load, flows, nodes }: PhaseEvidence): number {
  const first = Math.min(...nodes.flatMap(({ samples }) => samples[0]?.time ?? []));
  return flows?.report?.startedAt ?? load?.startedAt ?? (Number.isFinite(first) ? first : 0);
}

function socketsAt(
  { time, sockets }: SocketSample,
  node: NodeEvidence,
  { phase, start }: { readonly phase: PhaseEvidence; readonly start: number },
): Moment {
  const states = sockets
    .filter((socket) => socket.state !== 'LISTEN' && isOfLoad(socket, node, phase))
    .map(({ state }) => state);
  return { time: time - start, values: tallied(states) };
}

function isOfLoad(
  socket: SocketSample['sockets'][number],
  node: NodeEvidence,
  phase: PhaseEvidence,
): boolean {
  if (isClient(phase, node) && socketKey(socket, true, phase) !== undefined) return true;
  return phase.ports.includes(socket.localPort);
}

function entriesAt({ connections }: IpvsSample, time: number): Moment {
  return {
    time,
    values: tallied(connections.filter(({ clientPort }) => clientPort !== 0).map(({ state }) => state)),
  };
}

function tallied(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function ratesOf({ seconds }: FlowEvidence, start: number): Curves {
  const zero = { at: start, opened: 0, closed: 0, refused: 0, reset: 0 };
  const moments = seconds.map((second, index) => {
    const before = seconds[index - 1] ?? zero;
    const passed = second.at - before.at;
    const rate = (key: 'opened' | 'closed' | 'refused' | 'reset') =>
      passed <= 0 ? 0 : Math.max(0, (second[key] - before[key]) / passed);
    return {
      time: second.at - start,
      values: {
        opened: rate('opened'),
        closed: rate('closed'),
        'reset or refused': rate('reset') + rate('refused'),
      },
    };
  });
  return curvesOf(moments);
}

function heldOf({ seconds }: FlowEvidence, start: number): Curves {
  return curvesOf(
    seconds.map(({ at, stuck, inProgress }: FlowSecond) => ({
      time: at - start,
      values: { stuck, 'under way': inProgress },
    })),
  );
}

function connectTimesOf({ seconds }: FlowEvidence, start: number): Curves {
  return curvesOf(
    seconds.flatMap(({ at, connect }) =>
      connect === undefined ? [] : [{ time: at - start, values: percentiles(connect) }],
    ),
  );
}

function percentiles({ p50, p90, p99 }: Latency): Record<string, number> {
  return { p50, p90, p99 };
}

/** Curves of these moments, which are in the order of time; what was never more than nothing is left out. */
function curvesOf(moments: readonly Moment[]): Curves {
  const names = [...new Set(moments.flatMap(({ values }) => Object.keys(values)))].filter((name) =>
    moments.some(({ values }) => (values[name] ?? 0) > 0),
  );
  return { names, moments: thinned(moments, names, mostMoments), recorded: moments.length };
}
