import type { PhaseEvidence } from '../../evidence/types.js';
import type { Cast } from '../cast.js';
import type { ConnectionFate } from '../types.js';
import { connectionComplaints } from './connections.js';
import { flowComplaints } from './flows.js';
import { transcriptsOf } from './transcript.js';

/**
 * Why the connections of a phase were not those that the scenario asks for, by the client's capture; one sentence each. Only the
 * client's own deeds are looked at, up to the point that a connection came to: what a packet filter keeps from it is no fault of its.
 */
export function misbehaviour(
  phase: PhaseEvidence,
  { client }: Cast,
  fates: readonly ConnectionFate[],
): string[] {
  const { asked, load, flows } = phase;
  if (asked === undefined || load === undefined || client?.capture === undefined) return [];
  const transcripts = transcriptsOf(client, phase);
  const ofFlows =
    flows === undefined ? undefined : flowComplaints(asked.conversations, flows, client.name, transcripts);
  return [
    ...connectionComplaints(phase, asked.load, load, fates, transcripts),
    ...(ofFlows?.complaints ?? []),
  ];
}
