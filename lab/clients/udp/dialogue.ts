import type { Datagrams } from '../../../src/contracts/agents/load.js';

/** The words between clients of UDP and the realservers' server (lab/node/server/datagrams.pl). */

/** How many datagrams of its own a realserver sends for each request of a `quic` client. */
const quicPushes = 2;

/** How many datagrams of its own a realserver is asked for by each request. */
export function pushesOf({ as }: Pick<Datagrams, 'as'>): number {
  return as === 'quic' ? quicPushes : 0;
}

/** The text of a client's request to the realservers' UDP server (lab/node/server/datagrams.pl), by the client's word for itself. */
export function requestText(id: string, sequence: number, datagrams: Datagrams): string {
  return `ask ${id} ${sequence} ${pushesOf(datagrams)} ${datagrams.pause}\n`;
}

/** What that server sends: a reply to a request, or a datagram of its own. */
export interface DatagramAnswer {
  readonly kind: 'reply' | 'push';
  /** The client's word for itself. */
  readonly id: string;
  /** The request that it is for. */
  readonly sequence: number;
  /** The name of the node that sent it. */
  readonly by: string;
}

/** Reads what the server sends; undefined: it is nothing of the kind. */
export function answerIn(text: string): DatagramAnswer | undefined {
  const [, kind, id = '', sequence = '', by = ''] = /^(reply|push) (\w+) (\d+) (\S+)\n?$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind === 'push' ? 'push' : 'reply', id, sequence: Number(sequence), by };
}
