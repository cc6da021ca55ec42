import type { EngineIdentity } from '../../../src/engine/port/engineIdentity.js';
import { jobName } from '../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import type {
  ConnectionFate,
  FlowNumbers,
  PhaseFinding,
  PhaseNumbers,
  Verdict,
} from '../../../src/verdict/model/verdict.js';

export const identity: EngineIdentity = {
  kind: 'vm',
  id: 'ABCD:EFGH',
  dockerVersion: '20.10.24',
  kernel: '6.1.0-40-amd64',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  architecture: 'x86_64',
  accelerator: 'tcg',
  processors: 2,
  memoryBytes: 2e9,
  reason: 'this kernel has no IPVS',
};

export const healthyNumbers: PhaseNumbers = {
  connections: 10,
  fates: { healthy: 10 },
  sockets: { client: {}, realserver1: { 'TIME-WAIT': 5 }, realserver2: { 'TIME-WAIT': 5 } },
  icmp: [],
  rejected: [],
  ipvs: { FIN_WAIT: 10 },
  closingSegments: { fin: 10, rst: 0 },
  connect: { median: 0.0012, max: 1.034 },
  firstByte: { median: 0.0231, max: 1.07 },
};

export const blockedNumbers: PhaseNumbers = {
  connections: 10,
  fates: { healthy: 0, 'close-blocked': 10 },
  sockets: { client: { 'LAST-ACK': 10 }, realserver1: { 'FIN-WAIT-2': 5 }, realserver2: { 'FIN-WAIT-2': 5 } },
  icmp: [{ type: 3, code: 10, from: 'director', count: 45, quoting: 'F.' }],
  rejected: [
    { node: 'director', rule: '-A INPUT -j REJECT --reject-with icmp-host-prohibited', packets: 60 },
  ],
  ipvs: { ESTABLISHED: 10 },
  closingSegments: { fin: 60, rst: 0 },
  connect: undefined,
  firstByte: undefined,
};

export const healthy: PhaseFinding = {
  outcome: 'healthy',
  signal: { kind: 'silence' },
  numbers: healthyNumbers,
  connections: [],
  unsound: [],
};

export const blocked: PhaseFinding = {
  outcome: 'close-blocked',
  signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
  numbers: blockedNumbers,
  connections: [],
  unsound: [],
};

/** A connection whose FIN was lost at the director. */
export const blockedFate: ConnectionFate = {
  client: '198.18.0.2:40000',
  realserver: 'realserver1',
  fate: 'close-blocked',
  clientState: 'LAST-ACK',
  realserverState: 'FIN-WAIT-2',
  ipvsState: 'ESTABLISHED',
  because:
    'Client LAST-ACK, realserver1 FIN-WAIT-2: the FIN reached the director and went no further; answered with ICMP 3/10 (host-prohibited) from the director.',
};

/** Flows beside blocked connections: most are stuck too. */
export const blockedFlows: FlowNumbers = {
  opened: 40_000,
  fates: {
    closed: 90,
    reset: 4,
    refused: 3,
    opening: 1,
    transfer: 0,
    closing: 39_889,
    data: 0,
    held: 2,
    answered: 0,
    unanswered: 0,
    unfinished: 11,
  },
  unexplained: 12,
  leftOpen: 0,
  outcome: 'close-blocked',
  outcomes: { healthy: 92, 'close-blocked': 39_893, unreachable: 4 },
  latencies: {
    connect: { count: 40_000, p50: 0.0012, p90: 0.01, p99: 0.05, p999: 0.2, max: 1.1 },
    firstByte: { count: 39_999, p50: 0.0031, p90: 0.02, p99: 0.25, p999: 0.9, max: 2 },
    close: undefined,
  },
  traffic: {
    sent: 200_000,
    received: 120_000,
    retransmitted: 2000,
    finsSent: 42_000,
    rstsSent: 0,
    icmp: { '3/10': 45 },
  },
  openedPerSecond: 798.4,
  askedPerSecond: 800,
  peaks: {
    realserver1: { 'FIN-WAIT-2': 20_010, ESTAB: 31 },
    realserver2: { 'FIN-WAIT-2': 19_979 },
  },
  ipvs: { ESTABLISHED: 40_000 },
  ipvsBytes: 12_800_000,
  closingSegments: {
    sent: 42_000,
    arrived: 42_000,
    forwarded: 0,
    turnedAway: 42_000,
    lostOnLinks: 0,
    missing: 0,
  },
  ipvsPackets: { sent: 200_060, passed: 158_000, turnedAway: 42_060, lostOnLinks: 0, missing: 0 },
  losses: [],
  icmpLimits: [],
};

export const passed: Verdict = {
  scenario: 'close/server-first',
  result: 'pass',
  expected: {
    outcome: 'close-blocked',
    signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
  },
  measured: blocked,
  control: healthy,
  reasons: ['all 10 connections could not close, as expected'],
};

export const failed: Verdict = {
  ...passed,
  scenario: 'close/server-first-fixed',
  result: 'fail',
  expected: { outcome: 'healthy', signal: undefined },
  reasons: ['expected healthy, saw close-blocked'],
};

export const inconclusive: Verdict = {
  ...passed,
  result: 'inconclusive',
  measured: undefined,
  control: { ...healthy, outcome: undefined, unsound: ['3 connections are unexplained'] },
  reasons: ['the control run was not healthy'],
};

/** A job's result that came to this verdict, or broke with this error. */
export function resultWith(
  ended: { readonly verdict: Verdict } | { readonly error: Error },
  { scenario = 'close/server-first', repeat = 1 } = {},
): ScenarioResult {
  const at = { scenario, job: jobName(scenario, repeat), repeat, directory: 'runs/r/x', seconds: 41.26 };
  return { ...at, ...ended };
}
