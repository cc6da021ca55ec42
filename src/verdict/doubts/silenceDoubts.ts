import type { Signal } from '../../scenario/model/expectation.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { FlowNumbers } from '../model/verdict.js';

/**
 * Blocked connections without an answer are called silent. These are reasons to doubt that: the client's capture lost packets, which may have
 * been the answers; or flows beside them got ICMP errors, and so many that a node's kernel held back others, which may have been theirs.
 */
export function silenceDoubts(
  blocked: number,
  signal: Signal,
  { client }: LabNodes,
  flows: Pick<FlowNumbers, 'traffic' | 'icmpLimits'> | undefined,
): string[] {
  if (blocked === 0 || signal.kind !== 'silence') return [];
  const dropped = client?.captureDrops ?? 0;
  const heard = Object.values(flows?.traffic.icmp ?? {}).reduce((sum, errors) => sum + errors, 0);
  return [
    ...(dropped === 0
      ? []
      : [
          `The capture of ${client?.name ?? 'the client'} has no answer to ${blocked} blocked connections, and the kernel dropped ${dropped} packets of it: an ICMP error or a RST may be among those.`,
        ]),
    ...(heard === 0 || flows === undefined
      ? []
      : flows.icmpLimits.map(
          (limit) =>
            `No answer came to ${blocked} blocked connections, but flows beside them got ${heard} ICMP errors, and ${limit} Let the connections end when the flows have (\`load.idle\`), or lower the flows' rate.`,
        )),
  ];
}
