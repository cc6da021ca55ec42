import type { TcpState } from '../../contracts/words/network.js';
import { blocked, unexplained, type Decision } from './decision.js';
import { endsText } from './connectionText.js';
import { moreTime } from '../model/moreTime.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { lossSeen, transferFate } from './transfer.js';

/** States in which a realserver's socket has not seen the client's ACK of its SYN-ACK. */
const halfOpen: ReadonlySet<TcpState> = new Set<TcpState>(['SYN-RECV']);
/** What connect() or bind() say where all ports are taken. */
const portErrors: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EADDRINUSE']);

/** The fate of a connection whose reply never became complete: how far did it get, and does anything show why not further? */
export function openingFate(connection: SeenConnection): Decision {
  if (neverSent(connection)) return neverSentFate(connection);
  if (!synAckReceived(connection)) return unansweredFate(connection);
  if (!serverEstablished(connection)) return halfOpenFate(connection);
  return transferFate(connection);
}

/** A socket in SYN-SENT shows that there was one, also where IPVS or a rule took it before an interface had it, as it does a director's own. */
function neverSent({ report, wire, client }: SeenConnection): boolean {
  if (report.connected) return false;
  if (report.localPort === 0) return true;
  return wire.client?.sent.syn === 0 && !client.states.includes('SYN-SENT');
}

/** A connection without a SYN is the client's own affair: either its kernel had no port for it, or something is missing. */
function neverSentFate(connection: SeenConnection): Decision {
  const { report, client } = connection;
  const [ownSocket] = client.states;
  if (report.connectCalled === false && report.error === undefined) {
    return unexplained(
      connection,
      `time was up before the client's program had called connect(): the machine was too slow for it, whatever the rules are; ${moreTime}`,
    );
  }
  if (portErrors.has(report.error ?? '')) {
    if (report.localPort === 0) {
      return {
        fate: 'ports-exhausted',
        because: `The client's kernel had no local port left (${report.error}), so no SYN was sent.`,
      };
    }
    if (ownSocket !== undefined) {
      return {
        fate: 'ports-exhausted',
        because: `The client's kernel refused the local port (${report.error}), for it still holds an earlier connection from it in ${ownSocket}; no SYN was sent.`,
      };
    }
  }
  const inVain = connection.resolution.unresolved.find(({ role }) => role === 'client');
  if (inVain !== undefined) {
    const what = `${inVain.because}; so no SYN was sent (${report.error ?? 'time was up'})`;
    return { fate: 'unreachable', because: `${endsText(connection)}: ${what}.` };
  }
  return unexplained(
    connection,
    `the client's capture has no SYN of it (${report.error ?? 'no error reported'})`,
  );
}

function unansweredFate(connection: SeenConnection): Decision {
  const { report, server, wire } = connection;
  // The realserver did answer: it is the answer, or the client's next step, that got lost.
  const answeredAstray = [...(wire.client?.misaddressed.values() ?? [])].some(({ synAcks }) => synAcks > 0);
  if (server.history.states.length > 0 || answeredAstray) {
    return blocked('handshake-blocked', 'syn', connection, 'the client never got the SYN-ACK');
  }
  const why = report.error ?? 'time was up';
  const held = server.held === undefined ? '' : ` in ${server.held}`;
  if ((wire.client?.strayAcknowledgements ?? 0) > 0) {
    return blocked(
      'unreachable',
      'syn',
      connection,
      `no SYN-ACK came (${why}); the SYN was answered by an acknowledgement of an old connection that the realserver still holds${held}`,
    );
  }
  const inVain = connection.resolution.unresolved.map(({ because }) => `; ${because}`).join('');
  return blocked('unreachable', 'syn', connection, `no SYN-ACK came (${why})${inVain}`);
}

function halfOpenFate(connection: SeenConnection): Decision {
  const { client } = connection.wire;
  const half = connection.server.history.states.some((state) => halfOpen.has(state));
  const repeated = (client?.synAcks ?? 0) > 1;
  if (half || repeated || lossSeen(connection)) {
    return blocked(
      'handshake-blocked',
      'payload',
      connection,
      'the SYN was answered, and the realserver never saw the answer to its SYN-ACK',
    );
  }
  return unexplained(connection, 'the SYN was answered, and nothing shows what became of the connection');
}

function synAckReceived({ report, client, wire }: SeenConnection): boolean {
  const established = client.states.some((state) => state !== 'SYN-SENT');
  return report.connected || established || (wire.client?.synAcks ?? 0) > 0;
}

function serverEstablished({ server, wire }: SeenConnection): boolean {
  return (
    server.history.states.some((state) => !halfOpen.has(state)) || wire.client?.serverEstablished === true
  );
}
