import type { JudgedPhase } from '../fates/judgedPhase.js';
import type { PhaseNumbers } from '../model/types.js';
import { connectionComplaints } from './connectionComplaints.js';
import { flowComplaints } from './flowComplaints.js';
import { transcriptsOf } from './transcript.js';

/** What came of looking at the client's capture for what the scenario asks for. */
export interface Behaviour {
  /** How many connections and flows were compared with what they were to do; undefined: the evidence does not have it. */
  readonly followed: PhaseNumbers['followed'];
  readonly complaints: readonly string[];
}

/**
 * Why the connections of a phase were not those that the scenario asks for, by the client's capture; one sentence each. Only the
 * client's own deeds are looked at, up to the point that a connection came to: what a packet filter keeps from it is no fault of its.
 */
export function behaviourOf({ phase, captures, connections }: JudgedPhase): Behaviour {
  const { asked, load, flows, ports } = phase;
  if (asked === undefined || load === undefined || captures.client === undefined) {
    return { followed: undefined, complaints: [] };
  }
  const client = captures.client.node.name;
  const transcripts = transcriptsOf(captures.client);
  const ofFlows =
    flows === undefined ? undefined : flowComplaints(asked.conversations, flows, client, transcripts);
  return {
    followed: { connections: load.connections.length, flows: ofFlows?.checked },
    complaints: [
      ...connectionComplaints({ asked: asked.load, ports, load, connections, transcripts }),
      ...(ofFlows?.complaints ?? []),
    ],
  };
}
