import type { TcpState } from '../../contracts/words/network.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/** The last known state of one end of a connection. */
export type EndState = TcpState | 'gone';

const finUnanswered: ReadonlySet<EndState> = new Set<EndState>(['FIN-WAIT-1', 'CLOSING', 'LAST-ACK']);

/** Whether an end in this state has sent a FIN that nobody acknowledged. */
export function waitsForFinAck(state: EndState): boolean {
  return finUnanswered.has(state);
}

/** Whether the node that serves the connection sent the client a RST, and so has ended it. */
export function resetByServer({ wire, server }: SeenConnection): boolean {
  const { resets } = wire.client ?? {};
  return (
    resets?.has('realserver') === true || (server.role === 'director' && resets?.has('director') === true)
  );
}
