import type { Decision } from './decision.js';
import { endsText } from './connectionText.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/**
 * The fate of a connection that would be healthy, where others than the director answer for the VIP; undefined where none does.
 * Which answer comes first is chance, so a connection that chance sent through the director is no better than the others.
 */
export function bypassFate(connection: SeenConnection): Decision | undefined {
  const { wire, resolution } = connection;
  const [one] = resolution.claimants;
  const ends = endsText(connection);
  if (wire.past !== undefined) {
    const why = resolution.claimants.includes(wire.past) ? ', which says that the VIP is its own' : '';
    const what = `its SYN went to ${wire.past}${why}: the director had no part in it`;
    return { fate: 'bypassed', because: `${ends}: ${what}.` };
  }
  if (one === undefined) return undefined;
  const what = `its SYN went to the director by chance, for ${resolution.claimants.join(' and ')} say${resolution.claimants.length === 1 ? 's' : ''} that the VIP is theirs`;
  return { fate: 'bypassed', because: `${ends}: ${what}.` };
}
