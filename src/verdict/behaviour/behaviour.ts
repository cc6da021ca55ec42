import { targetsOf } from '../../evidence/model/connectionKey.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import type { PhaseNumbers } from '../model/verdict.js';
import { connectionComplaints } from './connectionComplaints.js';
import { flowComplaints } from './flowComplaints.js';
import { datagramComplaints } from './datagramComplaints.js';
import { datagramExchanges } from '../captures/datagramExchange.js';
import { transcriptsOf } from './transcript.js';

/** Whether the client did what the scenario asks for, by the client's capture. */
export interface Behaviour {
  /** How many connections (clients, of UDP) and flows were held against what the client was asked to do; undefined: the evidence does not say what it was asked. */
  readonly followed: PhaseNumbers['followed'];
  readonly complaints: readonly string[];
}

/**
 * Compares what the client sent, by its own capture, with what the scenario asks it to send; each difference is a sentence. Only what
 * the client does itself can be wrong. Where a packet filter stops a connection, the steps behind that point are not looked at.
 */
export function behaviourOf({ phase, captures, connections }: JudgedPhase): Behaviour {
  const { asked, load, flows } = phase;
  if (asked === undefined || load === undefined || captures.client === undefined) {
    return { followed: undefined, complaints: [] };
  }
  const { datagrams } = asked.load;
  if (datagrams !== undefined) {
    return {
      followed: { connections: connections.length, flows: undefined },
      complaints: datagramComplaints({
        asked: { ...asked.load, datagrams },
        targets: targetsOf(phase),
        load,
        connections,
        exchangeOf: datagramExchanges(captures.client),
      }),
    };
  }
  const client = captures.client.node.name;
  const transcripts = transcriptsOf(captures.client);
  const ofFlows =
    flows === undefined ? undefined : flowComplaints(asked.conversations, flows, client, transcripts);
  return {
    followed: { connections: load.connections.length, flows: ofFlows?.checked },
    complaints: [
      ...connectionComplaints({
        asked: asked.load,
        targets: targetsOf(phase),
        load,
        connections,
        transcripts,
      }),
      ...(ofFlows?.complaints ?? []),
    ],
  };
}
