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
