import { describeEnds, describePath, describeRefusal } from './describe.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import type { SegmentKind } from '../captures/segmentCounts.js';
import { describeMisaddressed } from '../captures/misaddressed.js';
import type { ConnectionFate } from '../model/types.js';

/** A fate and the sentence that says which observations decide it. */
export type Decision = Pick<ConnectionFate, 'fate' | 'because'>;

/** A fate, with what decides it, how far the client's segment got, and how it was refused. */
export function blocked(
  fate: Decision['fate'],
  segment: SegmentKind,
  observation: SeenConnection,
  what: string,
): Decision {
  const details = [
    describePath(observation, segment),
    describeRefusal(observation),
    describeMisaddressed(observation.wire.client?.misaddressed),
  ];
  const all = [`${describeEnds(observation)}: ${what}`, ...details.filter((one) => one !== undefined)];
  return { fate, because: `${all.join('; ')}.` };
}

export function unexplained(observation: SeenConnection, what: string): Decision {
  const hidden = observation.server.unseen?.text;
  return {
    fate: 'unexplained',
    because: `${describeEnds(observation)}: ${what}${hidden === undefined ? '' : `; ${hidden}`}.`,
  };
}
