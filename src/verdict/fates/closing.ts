import { finAcknowledged } from '../captures/clientView.js';
import { blocked, unexplained, type Decision } from './decision.js';
import { endsText } from './connectionText.js';
import { resetByServer, waitsForFinAck, type EndState } from './endState.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/**
 * The fate of a connection whose reply was complete, or whose request was where none was to come. The sockets decide; the captures are the cross-check, because a socket
 * that was stuck is gone too once its timers have run out. Where the two contradict each other nothing is explained.
 */
export function closingFate(connection: SeenConnection): Decision {
  const client = connection.client.final;
  const realserver = connection.server.history.final;
  if (isClosed(client) && isClosed(realserver)) return closedFate(connection);
  const why = stuckEnd(client, realserver);
  if (why === undefined) {
    return unexplained(
      connection,
      `${completeText(connection)}, and nothing shows that a closing segment was lost; an application may not have closed`,
    );
  }
  return closeBlocked(connection, why);
}

/** What there was to do before the close; where no reply was to come, that is the request alone. */
function completeText({ report }: SeenConnection): string {
  return report.unanswered === true ? 'all that the client sent was acknowledged' : 'the reply was complete';
}

/** The segment that the client closes with. */
export function closingSegment({ report }: SeenConnection): 'fin' | 'rst' {
  return report.clientClosed === 'rst' ? 'rst' : 'fin';
}

function isClosed(state: EndState): boolean {
  return state === 'gone' || state === 'TIME-WAIT';
}

/**
 * Which closing segment did not get through, when the ends are left in these states; undefined when they do not show that one
 * was lost. FIN-WAIT-2 opposite CLOSE-WAIT is missing on purpose: both FINs' acknowledgements are where they should be, and
 * an application is late.
 */
function stuckEnd(client: EndState, realserver: EndState): string | undefined {
  if (waitsForFinAck(client)) return "the client's FIN was never acknowledged";
  if (waitsForFinAck(realserver)) return "the realserver's FIN was never acknowledged";
  if (isClosed(client) && (realserver === 'FIN-WAIT-2' || realserver === 'ESTAB')) {
    return 'the client has closed, and the realserver never heard of it';
  }
  if (isClosed(realserver) && (client === 'FIN-WAIT-2' || client === 'ESTAB')) {
    return 'the realserver has closed, and the client never heard of it';
  }
  return undefined;
}

/** Both ends are rid of the connection. Was it closed, or did it time out? */
function closedFate(connection: SeenConnection): Decision {
  const { report } = connection;
  if (report.clientClosed === undefined) {
    return unexplained(
      connection,
      "the load ended before the client's application had closed: the close was never tried",
    );
  }
  const doubt = closingSegment(connection) === 'rst' ? rstDoubt(connection) : finDoubt(connection);
  if (doubt === undefined) {
    return {
      fate: 'healthy',
      because: `${endsText(connection)}: ${completeText(connection)} and both ends closed.`,
    };
  }
  if (doubt.proven) return closeBlocked(connection, `both are gone, but not by closing: ${doubt.text}`);
  return unexplained(connection, `both are gone, yet ${doubt.text}`);
}

/** What speaks against a close that the sockets show; proven when it is more than something missing in a capture. */
interface Doubt {
  readonly text: string;
  readonly proven: boolean;
}

function finDoubt(connection: SeenConnection): Doubt | undefined {
  const { wire } = connection;
  const { client } = wire;
  if (client === undefined || finAcknowledged(client) || resetByServer(connection)) return undefined;
  if (client.sent.fin === 0) return { text: "the client's capture has no FIN of it", proven: false };
  const refused = wire.errors.some(({ quoted }) => quoted === 'fin');
  return {
    text: "the client's capture has no acknowledgement of its FIN",
    proven: refused || client.sent.fin > 1,
  };
}

function rstDoubt({ wire, server }: SeenConnection): Doubt | undefined {
  const { director } = wire;
  // Nobody answers a RST, so only the socket would tell that it came there.
  if (server.unseen?.isElsewhere === true) {
    return { text: "the server's end, which the client's RST was to end, was never seen", proven: false };
  }
  if (director === undefined || director.forwarded.rst > 0) return undefined;
  const servesItself = server.role === 'director';
  if (servesItself && director.arrived.rst > 0 && wire.errors.length === 0) return undefined;
  return {
    text: servesItself
      ? "the director's capture does not show the client's RST coming to it unrefused"
      : "the director's capture does not show it forwarding the client's RST",
    proven: wire.errors.some(({ quoted }) => quoted === 'rst'),
  };
}

/**
 * What the sockets should show and never did, when the captures say that the client's closing segment was lost: a client
 * waits for its FIN's acknowledgement, and a realserver that never saw it holds on, each far longer than a sampler's pause.
 */
function contradictionOf(connection: SeenConnection): string | undefined {
  const { client, server, wire } = connection;
  if (wire.client === undefined || wire.client.resets.size > 0) return undefined;
  // The client's RST for an answer that came astray has ended the realserver's side.
  if (wire.client.misaddressed.size > 0) return undefined;
  const byFin = closingSegment(connection) === 'fin';
  if (byFin && (wire.client.sent.fin === 0 || finAcknowledged(wire.client))) return undefined;
  if (byFin && !client.states.some(waitsForFinAck)) {
    return "no sample of the client's has the socket that waits for the acknowledgement of its FIN";
  }
  if (server.history.states.every((state) => state === 'TIME-WAIT')) {
    return 'no sample of a realserver has the connection that it should still hold';
  }
  return undefined;
}

function closeBlocked(connection: SeenConnection, what: string): Decision {
  const contradiction = contradictionOf(connection);
  if (contradiction !== undefined) return unexplained(connection, `${what}; yet ${contradiction}`);
  return blocked('close-blocked', closingSegment(connection), connection, what);
}
