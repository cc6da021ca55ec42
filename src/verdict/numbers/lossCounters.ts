import type { NodeEvidence } from '../../evidence/model/evidence.js';

interface LossCounter {
  /** What the node did, when the counter is above zero. */
  readonly what: string;
  readonly remedy: string;
  /** Sockets are thrown away, so that "gone" no longer means "closed". */
  readonly hides: boolean;
}

/** Counters of the kernel's TCP that say it threw something away for want of room. */
const lossCounters: Readonly<Record<string, LossCounter>> = {
  TcpExtTCPTimeWaitOverflow: {
    what: 'threw sockets away before they were closed',
    remedy: 'raise net.ipv4.tcp_max_tw_buckets there',
    hides: true,
  },
  TcpExtTCPAbortOnMemory: {
    what: 'threw sockets away before they were closed',
    remedy: 'raise net.ipv4.tcp_max_orphans on the engine, or make fewer connections',
    hides: true,
  },
  TcpExtListenOverflows: {
    what: 'had no room for connections that waited to be accepted',
    remedy: 'raise net.core.somaxconn there, or lower the rate',
    hides: false,
  },
  TcpExtListenDrops: {
    what: 'dropped segments that came to a listening socket',
    remedy: 'raise net.core.somaxconn and net.ipv4.tcp_max_syn_backlog there, or lower the rate',
    hides: false,
  },
  TcpExtTCPReqQFullDrop: {
    what: 'dropped SYNs because too many connections were half open',
    remedy: 'raise net.ipv4.tcp_max_syn_backlog there, or lower the rate',
    hides: false,
  },
  TcpExtTCPBacklogDrop: {
    what: 'dropped segments because the backlog of a socket was full',
    remedy: 'lower the rate',
    hides: false,
  },
};

/** One sentence for each counter of the node's that tells of a loss. */
export function countedLosses(node: NodeEvidence): string[] {
  return sentences(node, () => true);
}

/** The same of those alone that make sockets vanish, after which nothing can be said of connections. */
export function hiddenSockets(node: NodeEvidence): string[] {
  return sentences(node, ({ hides }) => hides);
}

function sentences({ name, counters }: NodeEvidence, wanted: (counter: LossCounter) => boolean): string[] {
  return Object.entries(lossCounters)
    .filter(([counter, about]) => (counters[counter] ?? 0) > 0 && wanted(about))
    .map(([counter, { what, remedy }]) => `${name} ${what} (${counter} is ${counters[counter]}): ${remedy}.`);
}
