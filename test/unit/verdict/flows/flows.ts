import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import type { FlowEvidence, FlowReport, FlowSecond } from '../../../../src/evidence/model/flowTypes.js';
import type {
  CapturedSegment,
  NodeEvidence,
  PhaseEvidence,
} from '../../../../src/evidence/model/evidence.js';
import { flags, healthy, story, type Dialogue } from '../dialogue.js';
import { phaseOf, rejectRule, withNode } from '../evidence.js';
import { flat, macs, port } from '../network.js';

/** A bound of 0.1 % is four of them. */
export const opened = 4000;
const sources = ['10.0.0.100', '10.0.0.101'];

const noFates: Record<FlowFate, number> = {
  closed: 0,
  reset: 0,
  refused: 0,
  opening: 0,
  transfer: 0,
  closing: 0,
  data: 0,
  held: 0,
  answered: 0,
  unanswered: 0,
  unfinished: 0,
};

const latency = { count: opened, p50: 0.002, p90: 0.01, p99: 0.05, p999: 0.2, max: 0.4 };

/** The agent's report of flows that came to this; all that were opened and are not mentioned are closed. */
export function reportOf(
  fates: Partial<Record<FlowFate, number>>,
  rest: Partial<FlowReport> = {},
): FlowReport {
  const others = Object.values(fates).reduce((sum, count) => sum + count, 0);
  const all = { ...noFates, closed: opened - others, ...fates };
  return {
    requested: opened,
    seed: 1,
    startedAt: 80,
    openedAt: 85,
    finishedAt: 120,
    ended: 'told',
    opened,
    connected: opened,
    answered: opened,
    closing: opened,
    closed: all.closed,
    reset: all.reset,
    refused: all.refused,
    timedOut: 0,
    sent: 5 * opened,
    received: 4 * opened,
    retransmitted: 0,
    finsSent: opened,
    rstsSent: 0,
    icmp: {},
    connect: latency,
    firstByte: { ...latency, p99: 0.25 },
    close: undefined,
    fates: all,
    byConversation: { 'server-first': all },
    examples: [],
    sendErrors: {},
    receiveDrops: 0,
    unreadable: 0,
    openings: 'abc',
    memory: { residentBytes: 1, tableBytes: 1 },
    cpuSeconds: 1,
    ...rest,
  };
}

/** What the agent said at this time. */
export function secondOf(report: FlowReport, at: number): FlowSecond {
  return { ...report, at, inProgress: 0, stuck: 0 };
}

/** Closing segments of that many flows, as the director's capture has them. */
export function closingSegments(
  count: number,
  { reach, text = 'F.', first = 0 }: { reach: 'director' | 'realserver'; text?: string; first?: number },
): CapturedSegment[] {
  return Array.from({ length: count }, (_, index) => {
    const flow = first + index;
    const segment: CapturedSegment = {
      time: 100,
      sourceMac: macs.client,
      destinationMac: macs.director,
      ttl: 64,
      tunnelled: false,
      source: sources[flow % sources.length] ?? '',
      sourcePort: 1024 + Math.floor(flow / sources.length),
      destination: flat.vip,
      destinationPort: port,
      flags: flags(text),
      sequence: 1,
      acknowledgement: 1,
      payloadLength: 0,
    };
    const forwarded = { ...segment, sourceMac: macs.director, destinationMac: macs.realserver1 };
    return reach === 'director' ? [segment] : [segment, forwarded];
  }).flat();
}

interface Setting {
  readonly witnesses: readonly Dialogue[];
  readonly report: FlowReport | undefined;
  /** The flows' in the director's capture. */
  readonly segments: readonly CapturedSegment[];
  readonly director?: Partial<NodeEvidence>;
  readonly flows?: Partial<FlowEvidence>;
  readonly phase?: PhaseEvidence['phase'];
}

/** A phase with flows beside these witnesses. */
export function phaseWithFlows(setting: Setting): PhaseEvidence {
  const { witnesses, report, segments, director = {}, phase = 'measured' } = setting;
  const without = phaseOf(witnesses, { director, phase });
  const capture = without.nodes.find(({ name }) => name === 'director')?.capture;
  if (capture === undefined) throw new Error('expected a capture of the director');
  const captured = withNode(without, 'director', {
    capture: { ...capture, segments: [...capture.segments, ...segments] },
  });
  const seconds = report === undefined ? [] : [secondOf(report, 84), secondOf(report, 99)];
  return {
    ...captured,
    flows: {
      sources,
      asked: { count: opened, rate: 800, ramp: 0 },
      seconds,
      report,
      sockets: { realserver1: [{ time: 100, states: { 'TIME-WAIT': opened }, sockstat: {} }] },
      ipvs: { director: [{ time: 100, states: { FIN_WAIT: opened }, bytes: 1_000_000 }] },
      ipvsStats: {},
      captureDrops: {},
      links: {},
      queueDrops: {},
      way: [
        { node: 'client', device: 'eth0' },
        { node: 'router', device: 'eth1' },
      ],
      backlogDrops: undefined,
      ...setting.flows,
    },
  };
}

/** How the tests of the story change it. */
export interface Change {
  readonly report?: Partial<FlowReport>;
  readonly fates?: Partial<Record<FlowFate, number>>;
  readonly segments?: readonly CapturedSegment[];
  readonly director?: Partial<NodeEvidence>;
  readonly flows?: Partial<FlowEvidence>;
  readonly witnesses?: readonly Dialogue[];
}

/** The director rejects each flow's FIN; its rule counts the two witnesses' four FINs too. */
export function storyWithFlows(change: Change = {}): PhaseEvidence {
  return phaseWithFlows({
    witnesses: change.witnesses ?? [story(40_000), story(40_001)],
    report: reportOf(change.fates ?? { closing: opened }, change.report),
    segments: change.segments ?? closingSegments(opened, { reach: 'director' }),
    director: { rules: [{ ...rejectRule, packets: opened + 4 }], ...change.director },
    flows: {
      sockets: { realserver1: [{ time: 100, states: { 'FIN-WAIT-2': opened }, sockstat: {} }] },
      ipvs: { director: [{ time: 100, states: { ESTABLISHED: opened }, bytes: 1_300_000 }] },
      ...change.flows,
    },
  });
}

/** All flows close. */
export function healthyWithFlows(
  change: Change = {},
  phase: PhaseEvidence['phase'] = 'measured',
): PhaseEvidence {
  return phaseWithFlows({
    witnesses: change.witnesses ?? [healthy(40_000), healthy(40_001)],
    report: reportOf(change.fates ?? {}, change.report),
    segments: change.segments ?? closingSegments(opened, { reach: 'realserver' }),
    ...(change.director === undefined ? {} : { director: change.director }),
    ...(change.flows === undefined ? {} : { flows: change.flows }),
    phase,
  });
}
