import type { RealserverPrediction } from '../../prediction/model/prediction.js';
import type { VirtualService } from '../../prediction/model/question.js';
import type { Paint } from '../text/colour.js';
import { shownOutcome } from '../../prediction/model/shownOutcome.js';
import {
  blameLines,
  outcomeLabel,
  packetTable,
  placeText,
  situationText,
  unknownText,
} from './packetsText.js';

/** What the own rules of realservers do to a service. */
export function realserverLines(
  { servers, from, outcome, packets, clients, situations, because, assumed }: RealserverPrediction,
  { protocol }: VirtualService,
  paint: Paint,
): readonly string[] {
  const few = servers.slice(0, 4).join(', ') + (servers.length > 4 ? ` and ${servers.length - 4} more` : '');
  const whose = clients === undefined ? '' : ` (${clients})`;
  const isWell = outcome === 'healthy';
  return [
    '',
    `  on ${few} by their own rules (${from}): ${outcomeLabel(shownOutcome(protocol, outcome), paint)}${whose}`,
    ...(isWell || packets.length === 0 ? [] : ['', packetTable(packets, paint), '']),
    ...(isWell ? [] : blameLines(packets)),
    ...(isWell || outcome === 'unknown'
      ? []
      : ["  it is to be mended there: cures are changes of the director's files"]),
    ...(isWell ? [] : because.map((one) => `  unknown because of ${unknownText(one)}`)),
    ...situations.map((one) => `  ${situationText(one)}: ${shownOutcome(protocol, one.outcome)}`),
    ...assumed.map(
      ({ text, at }) => `  taken for granted there: ${text}${at === undefined ? '' : ` (${placeText(at)})`}`,
    ),
  ];
}
