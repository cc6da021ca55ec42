import type {
  FlowLatencies,
  FlowProgress,
  FlowReport,
  FlowSecond,
} from '../../../../src/evidence/model/flowTypes.js';
import type { FlowLoadOptions, SocketCounts } from '../packet/contracts.js';
import type { FateTally } from './report.js';
import type { Traffic } from './traffic.js';

/** How many flows have reached each stage, and what they sent and received, since the start. */
type FlowTotals = Pick<
  FlowSecond,
  keyof FlowProgress | 'sent' | 'received' | 'retransmitted' | 'finsSent' | 'rstsSent' | 'icmp'
>;

export function flowTotals(progress: FlowProgress, traffic: Traffic): FlowTotals {
  const { sent, received, retransmitted, finsSent, rstsSent } = traffic;
  return { ...progress, sent, received, retransmitted, finsSent, rstsSent, icmp: traffic.icmp() };
}

/** What a load knows of its flows when it is over. */
interface FlowAccount {
  readonly totals: FlowTotals;
  readonly latencies: FlowLatencies;
  readonly tally: FateTally;
  readonly unreadable: number;
  /** The digest of what each flow sent first. */
  readonly openings: string;
  /** When the last flow was opened, in milliseconds of the load's clock; undefined: never. */
  readonly completedAt: number | undefined;
  readonly tableBytes: number;
}

/** How the load ended, and when, in seconds since the epoch. */
interface FlowEnding {
  readonly at: number;
  readonly ended: FlowReport['ended'];
  readonly counts: SocketCounts;
}

/** The last report of a load. */
export function flowReport(
  { profile: { flows }, now: start, at: startedAt }: FlowLoadOptions,
  { totals, latencies, tally, unreadable, openings, completedAt, tableBytes }: FlowAccount,
  { at, ended, counts }: FlowEnding,
): FlowReport {
  const { user, system } = process.cpuUsage();
  return {
    requested: flows.count,
    seed: flows.seed,
    startedAt,
    openedAt: completedAt === undefined ? undefined : startedAt + (completedAt - start) / 1000,
    finishedAt: at,
    ended,
    ...totals,
    ...latencies,
    fates: tally.all,
    byConversation: tally.byConversation,
    examples: tally.examples,
    sendErrors: counts.sendErrors,
    receiveDrops: counts.receiveDrops,
    unreadable,
    openings,
    memory: { residentBytes: process.memoryUsage.rss(), tableBytes },
    cpuSeconds: (user + system) / 1_000_000,
  };
}
