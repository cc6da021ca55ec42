import type { FlowReport, FlowSecond } from '../../../src/evidence/model/flowTypes.js';

const latency = { count: 2, p50: 0.01, p90: 0.02, p99: 0.03, p999: 0.04, max: 0.05 };

const counts = {
  opened: 4,
  connected: 3,
  answered: 3,
  closing: 3,
  closed: 1,
  reset: 0,
  refused: 1,
  timedOut: 1,
  sent: 40,
  received: 30,
  retransmitted: 2,
  finsSent: 5,
  rstsSent: 0,
  icmp: { '3/10': 4 },
  connect: latency,
  firstByte: latency,
  close: undefined,
};

/** How a raw-socket load stood at one moment. */
export function flowSecond(parts: Partial<FlowSecond> = {}): FlowSecond {
  return { ...counts, at: 1, inProgress: 1, stuck: 1, ...parts };
}

/** The account of four flows: one closed, one refused, one stuck, one left open. */
export function flowReport(parts: Partial<FlowReport> = {}): FlowReport {
  const fates = {
    ...{ closed: 1, reset: 0, refused: 1, opening: 0, transfer: 0 },
    ...{ closing: 1, data: 0, held: 1, answered: 0, unanswered: 0, unfinished: 0 },
  };
  return {
    ...counts,
    requested: 4,
    seed: 1,
    startedAt: 10,
    openedAt: 12,
    finishedAt: 20,
    ended: 'told',
    fates,
    byConversation: { 'server-first': fates },
    examples: [{ client: '10.0.0.200:1024', fate: 'closing', step: 'close', retransmissions: 3 }],
    sendErrors: {},
    receiveDrops: 0,
    unreadable: 0,
    openings: 'ab'.repeat(32),
    memory: { residentBytes: 90_000_000, tableBytes: 4096 },
    cpuSeconds: 1.5,
    ...parts,
  };
}
