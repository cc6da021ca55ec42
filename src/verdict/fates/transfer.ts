import type { TcpState } from '../../contracts/words/network.js';
import { dataAcknowledged } from '../captures/clientView.js';
import { blocked, unexplained, type Decision } from './decision.js';
import { endsText } from './connectionText.js';
import { resetByServer, waitsForFinAck } from './endState.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/** States of a socket that has received the other side's FIN. */
const finReceived: ReadonlySet<TcpState> = new Set<TcpState>([
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
  'TIME-WAIT',
]);

/** The fate of a connection that was open on both sides, and whose reply never became complete. */
export function transferFate(connection: SeenConnection): Decision {
  if (closedBehindLostData(connection)) return dataLostFate(connection);
  const { wire, report, server } = connection;
  if (resetByServer(connection)) {
    return blocked(
      'transfer-blocked',
      'payload',
      connection,
      'the server reset the connection before its reply was complete',
    );
  }
  if (report.serverClosed && wire.client?.serverFin === true) {
    return blocked(
      'transfer-blocked',
      'payload',
      connection,
      'the server closed before its reply was complete',
    );
  }
  if (lossSeen(connection)) {
    return blocked('transfer-blocked', 'payload', connection, incompleteText(connection));
  }
  if (server.retransmitted > 0) {
    return blocked(
      'transfer-blocked',
      'payload',
      connection,
      `${incompleteText(connection)}, and ${server.name ?? 'the realserver'} had to send segments again (${server.retransmitted} in all)`,
    );
  }
  return unexplained(
    connection,
    'the reply was not complete when the load ended, yet no segment was refused, repeated or left unacknowledged; the realserver may only be slow',
  );
}

function incompleteText({ report }: SeenConnection): string {
  return report.unanswered === true
    ? 'not all that the client sent was acknowledged'
    : 'the reply never became complete';
}

/** Something positive that shows a lost segment of this connection. Without a client's capture the sockets have to do. */
export function lossSeen({ wire, server }: SeenConnection): boolean {
  const { client, errors } = wire;
  if (client === undefined || errors.length > 0 || waitsForFinAck(server.history.final)) return true;
  const unacknowledged = client.sent.payload > 0 && !dataAcknowledged(client);
  return (
    client.retransmissions > 0 || client.resets.size > 0 || client.misaddressed.size > 0 || unacknowledged
  );
}

/** Whether data of the client's, by its capture, was never acknowledged. */
export function isDataOwed({ wire: { client } }: SeenConnection): boolean {
  return client !== undefined && !dataAcknowledged(client);
}

/** The client's application is done with the connection, but its kernel still has data that the server never acknowledged. */
function closedBehindLostData(connection: SeenConnection): boolean {
  const { report, wire } = connection;
  const closedByFin = report.clientClosed === 'fin' || report.clientClosed === 'half-close';
  if (!closedByFin || wire.client === undefined || resetByServer(connection)) return false;
  const { sent, closedFirst } = wire.client;
  return closedFirst && sent.payload > 0 && !dataAcknowledged(wire.client);
}

/** The socket of the node that serves it is the cross-check: it cannot have received the FIN behind data that it never got. */
function dataLostFate(connection: SeenConnection): Decision {
  const { final, states } = connection.server.history;
  const what = 'the client has closed, and its last data was never acknowledged';
  const contradiction = states.find((state) => finReceived.has(state));
  if (contradiction !== undefined) {
    return {
      fate: 'unexplained',
      because: `${endsText(connection)}: ${what}; yet the server's socket was in ${contradiction}, so it has the client's FIN.`,
    };
  }
  const left = final === 'gone' ? what : `${what}; the server still waits for it in ${final}`;
  return blocked('data-lost', 'fin', connection, left);
}
