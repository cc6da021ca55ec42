import type { TcpState } from '../../contracts/words/network.js';
import { blocked, unexplained, type Decision } from './decision.js';
import { describeEnds } from './describe.js';
import { moreTime } from '../model/moreTime.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { lossSeen, transferFate } from './transfer.js';

/** States in which a realserver's socket has not seen the client's ACK of its SYN-ACK. */
const halfOpen: ReadonlySet<TcpState> = new Set<TcpState>(['SYN-RECV']);
/** What connect() or bind() say where all ports are taken. */
const portErrors: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EADDRINUSE']);

/** The fate of a connection whose reply never became complete: how far did it get, and does anything show why not further? */
export function openingFate(observation: SeenConnection): Decision {
  if (neverSent(observation)) return neverSentFate(observation);
  if (!synAckReceived(observation)) return unansweredFate(observation);
  if (!serverEstablished(observation)) return halfOpenFate(observation);
  return transferFate(observation);
}

function neverSent({ report: connection, wire }: SeenConnection): boolean {
  return !connection.connected && (connection.localPort === 0 || wire.client?.sent.syn === 0);
}

/** A connection without a SYN is the client's own affair: either its kernel had no port for it, or something is missing. */
function neverSentFate(observation: SeenConnection): Decision {
  const { report: connection, client } = observation;
  const [ownSocket] = client.states;
  if (connection.connectCalled === false && connection.error === undefined) {
    return unexplained(
      observation,
      `time was up before the client's program had called connect(): the machine was too slow for it, whatever the rules are; ${moreTime}`,
    );
  }
  if (portErrors.has(connection.error ?? '')) {
    if (connection.localPort === 0) {
      return {
        fate: 'ports-exhausted',
        because: `The client's kernel had no local port left (${connection.error}), so no SYN was sent.`,
      };
    }
    if (ownSocket !== undefined) {
      return {
        fate: 'ports-exhausted',
        because: `The client's kernel refused the local port (${connection.error}), for it still holds an earlier connection from it in ${ownSocket}; no SYN was sent.`,
      };
    }
  }
  const inVain = observation.resolution.unresolved.find(({ role }) => role === 'client');
  if (inVain !== undefined) {
    const what = `${inVain.because}; so no SYN was sent (${connection.error ?? 'time was up'})`;
    return { fate: 'unreachable', because: `${describeEnds(observation)}: ${what}.` };
  }
  return unexplained(
    observation,
    `the client's capture has no SYN of it (${connection.error ?? 'no error reported'})`,
  );
}

function unansweredFate(observation: SeenConnection): Decision {
  const { report: connection, server, wire } = observation;
  // The realserver did answer: it is the answer, or the client's next step, that got lost.
  const answeredAstray = [...(wire.client?.misaddressed.values() ?? [])].some(({ synAcks }) => synAcks > 0);
  if (server.history.states.length > 0 || answeredAstray) {
    return blocked('handshake-blocked', 'syn', observation, 'the client never got the SYN-ACK');
  }
  const why = connection.error ?? 'time was up';
  const held = server.held === undefined ? '' : ` in ${server.held}`;
  if ((wire.client?.strayAcknowledgements ?? 0) > 0) {
    return blocked(
      'unreachable',
      'syn',
      observation,
      `no SYN-ACK came (${why}); the SYN was answered by an acknowledgement of an old connection that the realserver still holds${held}`,
    );
  }
  const inVain = observation.resolution.unresolved.map(({ because }) => `; ${because}`).join('');
  return blocked('unreachable', 'syn', observation, `no SYN-ACK came (${why})${inVain}`);
}

function halfOpenFate(observation: SeenConnection): Decision {
  const { client } = observation.wire;
  const half = observation.server.history.states.some((state) => halfOpen.has(state));
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

function synAckReceived({ report: connection, client, wire }: SeenConnection): boolean {
  const established = client.states.some((state) => state !== 'SYN-SENT');
  return connection.connected || established || (wire.client?.synAcks ?? 0) > 0;
}

function serverEstablished({ server, wire }: SeenConnection): boolean {
  return (
    server.history.states.some((state) => !halfOpen.has(state)) || wire.client?.serverEstablished === true
  );
}
