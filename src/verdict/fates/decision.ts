import { describeEnds, describePath, describeRefusal } from './describe.js';
import type { Observation } from '../connections/observation.js';
import type { SegmentKind } from '../captures/segmentCounts.js';
import { describeStrays } from '../captures/strays.js';
import type { ConnectionFate } from '../model/types.js';

/** A fate and the sentence that says which observations decide it. */
export type Decision = Pick<ConnectionFate, 'fate' | 'because'>;

/** A fate, with what decides it, how far the client's segment got, and how it was refused. */
export function blocked(
  fate: Decision['fate'],
  segment: SegmentKind,
  observation: Observation,
  what: string,
): Decision {
  const details = [
    describePath(observation, segment),
    describeRefusal(observation),
    describeStrays(observation.wire.client?.strays),
  ];
  const all = [`${describeEnds(observation)}: ${what}`, ...details.filter((one) => one !== undefined)];
  return { fate, because: `${all.join('; ')}.` };
}

export function unexplained(observation: Observation, what: string): Decision {
  const hidden = observation.server.hidden?.text;
  return {
    fate: 'unexplained',
    because: `${describeEnds(observation)}: ${what}${hidden === undefined ? '' : `; ${hidden}`}.`,
  };
}
