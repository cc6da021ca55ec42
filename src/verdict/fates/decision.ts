import { endsText, pathText, refusalText } from './connectionText.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import type { Counted } from '../captures/segmentCounts.js';
import { misaddressedText } from '../captures/misaddressed.js';
import type { ConnectionFate } from '../model/verdict.js';

/** A fate, and the sentence that says why. */
export type Decision = Pick<ConnectionFate, 'fate' | 'because'>;

/** A fate, with what decides it, how far the client's segment got, and how it was refused. */
export function blocked(
  fate: Decision['fate'],
  segment: Counted,
  connection: SeenConnection,
  what: string,
): Decision {
  const details = [
    pathText(connection, segment),
    refusalText(connection),
    misaddressedText(connection.wire.client?.misaddressed),
  ];
  const all = [`${endsText(connection)}: ${what}`, ...details.filter((one) => one !== undefined)];
  return { fate, because: `${all.join('; ')}.` };
}

export function unexplained(connection: SeenConnection, what: string): Decision {
  const unseen = connection.server.unseen?.text;
  return {
    fate: 'unexplained',
    because: `${endsText(connection)}: ${what}${unseen === undefined ? '' : `; ${unseen}`}.`,
  };
}
