import type { TracedPacket, TracedStep } from '../../../evidence/model/traced.js';
import { isOf, type ConnectionKey, type FollowedNode, type Refusal } from './followedPackets.js';
import type { KnownRule } from './knownRule.js';

/** A connection's packets that went the same way as one that was turned away, and before it. */
export function packetsBefore({ at, packet }: Refusal, connection: ConnectionKey): readonly TracedPacket[] {
  const own = (at.traced.packets ?? []).filter((one) => isOf(one, connection));
  return own
    .slice(0, own.indexOf(packet))
    .filter(({ way, sourcePort }) => way === packet.way && sourcePort === packet.sourcePort);
}

/** The rules that let a packet pass in the table in which another was turned away. */
export function passing(
  at: FollowedNode,
  { steps }: TracedPacket,
  { family, table }: TracedStep,
): readonly KnownRule[] {
  const last = steps.filter((step) => step.family === family && step.table === table).at(-1);
  return last === undefined || at.rules.turnsAway(last) ? [] : [at.rules.of(last)];
}
