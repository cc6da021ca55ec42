import { icmpText } from '../model/expectationText.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import type { Counted } from '../captures/segmentCounts.js';
import type { SocketHistory } from '../connections/socketHistory.js';

const segmentNames: Readonly<Record<Counted, string>> = {
  syn: 'SYN',
  payload: 'request',
  fin: 'FIN',
  rst: 'RST',
};

/** What people call the client's segment of this kind. */
export function segmentName(kind: Counted): string {
  return segmentNames[kind];
}

/** `Client LAST-ACK, realserver1 gone (last seen in FIN-WAIT-2)`. */
export function endsText({ client, server }: SeenConnection): string {
  return `Client ${historyText(client)}, ${server.name ?? 'realserver'} ${historyText(server.history)}`;
}

/** How far the client's segment got, by the captures; undefined when neither has it. */
export function pathText({ wire, server }: SeenConnection, kind: Counted): string | undefined {
  const name = segmentName(kind);
  const { arrived, forwarded } = wire.director ?? {};
  if (forwarded !== undefined && forwarded[kind] > 0) return `the director forwarded the ${name}`;
  if (arrived !== undefined && arrived[kind] > 0) {
    return server.role === 'director'
      ? `the ${name} reached the director, which serves the connection itself`
      : `the ${name} reached the director and went no further`;
  }
  if (wire.client !== undefined && wire.client.sent[kind] > 0) {
    return wire.past === undefined
      ? `the ${name} left the client`
      : `the ${name} left the client for ${wire.past}, past the director`;
  }
  return undefined;
}

/** How the connection's segments were refused: the first ICMP error that quotes the connection, or else a RST; undefined for silence. */
export function refusalText({ wire }: SeenConnection): string | undefined {
  const [error] = wire.errors;
  if (error !== undefined) return `answered with ${icmpText(error.type, error.code)} from the ${error.from}`;
  const [sender] = wire.client?.resets.keys() ?? [];
  return sender && `answered with a TCP reset from the ${sender}`;
}

function historyText({ final, states }: SocketHistory): string {
  const last = states.at(-1);
  return final === 'gone' && last !== undefined ? `gone (last seen in ${last})` : final;
}
