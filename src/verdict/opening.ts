import type { TcpState } from '../evidence/types.js';
import { dataAcknowledged } from './clientView.js';
import type { Decision } from './decision.js';
import { describeEnds, describeRefusal, describePath } from './describe.js';
import type { Observation } from './observation.js';
import type { SegmentKind } from './segmentCounts.js';

/** States in which a realserver's socket has not seen the client's ACK of its SYN-ACK. */
const halfOpen: ReadonlySet<TcpState> = new Set<TcpState>(['SYN-RECV']);

/** The fate of a connection whose reply never became complete: how far did it get, and does anything show why not further? */
export function openingFate(observation: Observation): Decision {
  if (!synAckReceived(observation)) return unansweredFate(observation);
  if (!realserverEstablished(observation)) return halfOpenFate(observation);
  if (!lossSeen(observation)) {
    return unexplained(
      observation,
      'the reply was not complete when the load ended, yet no segment was refused, repeated or left unacknowledged; the realserver may only be slow',
    );
  }
  return blocked('transfer-blocked', 'payload', observation, 'the reply never became complete');
}

function unansweredFate(observation: Observation): Decision {
  const { client } = observation.wire;
  const { error } = observation.connection;
  if (client?.sent.syn === 0) {
    return unexplained(
      observation,
      `the client's capture has no SYN of it (${error ?? 'no error reported'})`,
    );
  }
  // The realserver did answer: it is the answer, or the client's next step, that got lost.
  if (observation.realserver.states.length > 0) {
    return blocked('handshake-blocked', 'syn', observation, 'the client never got the SYN-ACK');
  }
  return blocked('unreachable', 'syn', observation, `no SYN-ACK came (${error ?? 'time was up'})`);
}

function halfOpenFate(observation: Observation): Decision {
  const { client } = observation.wire;
  const half = observation.realserver.states.some((state) => halfOpen.has(state));
  const repeated = (client?.synAcks ?? 0) > 1;
  if (half || repeated || lossSeen(observation)) {
    return blocked(
      'handshake-blocked',
      'payload',
      observation,
      'the SYN was answered, and the realserver never saw the answer to its SYN-ACK',
    );
  }
  return unexplained(observation, 'the SYN was answered, and nothing shows what became of the connection');
}

function synAckReceived({ connection, client, wire }: Observation): boolean {
  const established = client.states.some((state) => state !== 'SYN-SENT');
  return connection.connected || established || (wire.client?.synAcks ?? 0) > 0;
}

function realserverEstablished({ realserver, wire }: Observation): boolean {
  return realserver.states.some((state) => !halfOpen.has(state)) || wire.client?.serverEstablished === true;
}

/** Something positive that shows a lost segment. Without a client's capture the sockets have to do. */
function lossSeen({ wire }: Observation): boolean {
  const { client, errors } = wire;
  if (client === undefined || errors.length > 0) return true;
  const unacknowledged = client.sent.payload > 0 && !dataAcknowledged(client);
  return client.retransmissions > 0 || client.resets.size > 0 || unacknowledged;
}

function blocked(
  fate: Decision['fate'],
  segment: SegmentKind,
  observation: Observation,
  what: string,
): Decision {
  const details = [describePath(observation, segment), describeRefusal(observation)];
  const all = [`${describeEnds(observation)}: ${what}`, ...details.filter((one) => one !== undefined)];
  return { fate, because: `${all.join('; ')}.` };
}

function unexplained(observation: Observation, what: string): Decision {
  return { fate: 'unexplained', because: `${describeEnds(observation)}: ${what}.` };
}
