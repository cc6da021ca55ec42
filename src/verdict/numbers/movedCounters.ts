import type { NodeEvidence } from '../../evidence/model/evidence.js';
import type { MovedCounter } from '../model/verdict.js';

/**
 * Words in the names of nstat's counters of what was dropped, refused, or not understood. By pattern, so that a counter that only a later
 * kernel has is among them.
 */
const lossWords =
  /Drop|Discard|Err(?:or)?s|NoRoutes|NoPorts|Overflow|Fail|Prune|Reject|Filter|PAWS|AbortOnMemory|AbortFailed|Truncated|Unknown|TooBig|Excds|OutDestUnreachs|OutRsts|OrphanQueue|RateLimit|QFull|MD5|AONotFound|AOBad/;

/** Counters that match and are no loss: messages that a node receives about a loss elsewhere, and what programs do. */
const noLoss =
  /^(?:Icmp6?In(?!Err|Csum)|TcpAttemptFails|TcpExtTCPFastOpen|TcpExt\w*MTUPSuccess|TcpExtPAWSActive$)/;

/** Of `conntrack -S`: entries that could not be made or were thrown away, and packets that fit no connection. */
const conntrackLosses = ['invalid', 'insert_failed', 'drop', 'early_drop', 'error', 'chaintoolong'] as const;

/** What moved on these nodes. IPv6's own counters are left out beside an IPv4 service: an interface that comes up moves them. */
export function movedCounters(nodes: readonly NodeEvidence[], vip: string): MovedCounter[] {
  const isIpv6 = vip.includes(':');
  return nodes.flatMap(({ name: node, counters, conntrack = {}, conntrackOfLab = false }) => {
    const ofKernel = Object.entries(counters).filter(
      ([counter]) =>
        lossWords.test(counter) &&
        !noLoss.test(counter) &&
        (isIpv6 || !/^(?:Ip6|Icmp6|Udp6|UdpLite6)/.test(counter)),
    );
    const ofConntrack = (conntrackOfLab ? [] : conntrackLosses).map(
      (counter) => [`conntrack ${counter}`, conntrack[counter] ?? 0] as const,
    );
    return [...ofKernel, ...ofConntrack]
      .filter(([, increment]) => increment > 0)
      .map(([counter, increment]) => ({ node, counter, increment }));
  });
}
