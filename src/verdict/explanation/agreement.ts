import { isDeepStrictEqual } from 'node:util';
import { isServed } from '../../contracts/words/outcomes.js';
import { signalText } from '../model/expectationText.js';
import type { PhaseFinding } from '../model/verdict.js';
import { rejectedBy } from '../rules/countedRules.js';
import { refusalsOn, type Refusal } from './packets/followedPackets.js';

/** Why what was followed does not show what was measured; empty when both came to the same. */
export function outcomeDoubts(measured: PhaseFinding, traced: PhaseFinding): readonly string[] {
  const said = ({ outcome, signal }: PhaseFinding): string =>
    `${outcome ?? 'no single outcome'}${isServed(outcome) ? '' : ` with ${signalText(signal)}`}`;
  const isSame = measured.outcome === traced.outcome && isDeepStrictEqual(measured.signal, traced.signal);
  return isSame
    ? []
    : [
        `the connections whose packets were followed came to ${said(traced)}, and those measured to ${said(measured)}`,
      ];
}

/** Why counters do not bear out that a rule took these packets; empty when they do, or nothing counts them. `all` tells whether every packet was followed. */
export function counterDoubts(refusal: Refusal, measured: PhaseFinding, all: boolean): readonly string[] {
  const { at, rule } = refusal;
  const { numbers } = measured;
  const doubts: string[] = [];
  const isThis = (one: { readonly node: string; readonly rule: string }): boolean =>
    one.rule === rule.text && (one.node === at.name || sameRole(one.node, at.name));
  const isCounted = !(numbers.uncounted ?? []).some(isThis);
  const packets = numbers.rejected.filter(isThis).reduce((sum, one) => sum + one.packets, 0);
  const healthy = (numbers.fates['healthy'] ?? 0) + (numbers.fates['answered'] ?? 0);
  const exhausted = numbers.fates['ports-exhausted'] ?? 0;
  // Of connections that had no port nobody sent a packet, and packets of others count for them.
  const needed = Math.max(1, numbers.connections - healthy - exhausted);
  const isOfConnection = refusal.packet.sourcePort !== undefined;
  if (isCounted && packets < (isOfConnection ? needed : 1))
    doubts.push(
      `in the measured run ${rule.text} on ${at.name} counted ${String(packets)} packets, and ${String(needed)} connections were not healthy`,
    );
  const seen = refusalsOn(at, at.traced.packets ?? []).filter(
    ({ rule: other }) => other.rule === rule.rule,
  ).length;
  // Counters were read before packets were no longer followed, and again after.
  const before = rejectedBy(rule.rule);
  const after = at.after.like(rule.rule);
  const most = after === undefined ? before : rejectedBy(after);
  if (all && before !== undefined && most !== undefined && (seen < before || seen > most))
    doubts.push(
      `${rule.text} on ${at.name} was seen to take ${String(seen)} packets while they were followed, and counted ${before === most ? '' : `${String(before)} to `}${String(most)}`,
    );
  return doubts;
}

/** Why functions of the kernel do not bear out that a rule took this packet; empty when they do, or did not meet it. */
export function kernelDoubts({ at, packet, rule }: Refusal): readonly string[] {
  const sentBy = packet.way === 'arrived' ? at.kernel.get(packet)?.sentBy : undefined;
  return sentBy === undefined
    ? []
    : [`${rule.text} on ${at.name} was seen to take a packet, and ${sentBy} to send the same packet on`];
}

/** `realserver1` and `realserver2` have the same rules, and a connection comes to one of them. */
function sameRole(one: string, other: string): boolean {
  return one.replace(/\d+$/, '') === other.replace(/\d+$/, '');
}
