import type { Decision } from './decision.js';
import { describeEnds } from './describe.js';
import type { Observation } from '../connections/observation.js';

/**
 * The fate of a connection that would be healthy, where others than the director answer for the VIP; undefined where none does.
 * Which answer comes first is chance, so a connection that chance sent through the director is no better than the others.
 */
export function bypassFate(observation: Observation): Decision | undefined {
  const { wire, neighbourhood } = observation;
  const [one] = neighbourhood.rivals;
  const ends = describeEnds(observation);
  if (wire.past !== undefined) {
    const why = neighbourhood.rivals.includes(wire.past) ? ', which says that the VIP is its own' : '';
    const what = `its SYN went to ${wire.past}${why}: the director had no part in it`;
    return { fate: 'bypassed', because: `${ends}: ${what}.` };
  }
  if (one === undefined) return undefined;
  const what = `its SYN went to the director by chance, for ${neighbourhood.rivals.join(' and ')} say${neighbourhood.rivals.length === 1 ? 's' : ''} that the VIP is theirs`;
  return { fate: 'bypassed', because: `${ends}: ${what}.` };
}
