import type { Signal } from '../../scenario/model/expectation.js';
import type { LabNodes } from '../captures/labNodes.js';

/**
 * Blocked connections without an answer are called silent. This is a reason to doubt that: the client's capture lost packets, which
 * may have been the answers.
 */
export function silenceDoubts(blocked: number, signal: Signal, { client }: LabNodes): string[] {
  const dropped = client?.captureDrops ?? 0;
  if (blocked === 0 || signal.kind !== 'silence' || dropped === 0) return [];
  return [
    `The capture of ${client?.name ?? 'the client'} has no answer to ${blocked} blocked connections, and the kernel dropped ${dropped} packets of it: an ICMP error or a RST may be among those.`,
  ];
}
