import type { ShownOutcome } from '../../prediction/model/shownOutcome.js';

/** What an outcome means, in a sentence. */
export const outcomeMeanings: Readonly<Record<ShownOutcome, string>> = {
  unreachable: 'no connection can be opened: the SYN does not get to a realserver',
  'handshake-blocked': 'the SYN gets through, and no connection is ever finished opening',
  'transfer-blocked': 'connections open, and data does not get through',
  'close-blocked': 'connections open and talk, and cannot be closed',
  unknown: 'it cannot be told, for a reason that is below',
  healthy: 'connections open, talk and close',
  unanswered: 'requests do not get to a realserver, or its answers do not get back',
  answered: 'requests get to a realserver, and its answers get back',
};

/** What users and realservers show of an outcome. */
export const outcomeSigns: Readonly<Record<ShownOutcome, readonly string[]>> = {
  unreachable: ['clients stay in SYN-SENT until they give up; realservers show nothing'],
  'handshake-blocked': ['realservers stay in SYN-RECV; clients wait, or believe that they are connected'],
  'transfer-blocked': ['connections are ESTAB at both ends, and requests are sent again and again'],
  'close-blocked': [
    'where the realserver closes first, it stays in FIN-WAIT-2 and the client in LAST-ACK',
    'where the client closes first, it stays in FIN-WAIT-1 and the realserver ESTAB',
    'new connections from a port in use wait, and at 1,000 connections a second 60,000 such sockets pile up in a minute',
  ],
  unknown: [],
  healthy: [],
  unanswered: ['clients ask again until they give up; sockets of realservers show nothing of it'],
  answered: [],
};
