import { predictedOutcome } from '../prediction/answer/predictedOutcome.js';
import type { Predicted } from '../prediction/model/predicted.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import { kindsOf } from '../prediction/packets/packetClasses.js';
import type { Behaviour } from '../rebuild/behaviours.js';

/** What a prediction says of connections, or requests, that clients make in one way: only the packets that these have count. */
export function expectedTrial(
  { service, packets, outcome, realservers = [] }: ServicePrediction,
  { unsent }: Behaviour,
): Predicted {
  const sent = kindsOf(service).filter(({ name }) => !unsent.some((one) => one === name));
  const all = [...packets, ...realservers.flatMap((one) => one.packets)];
  const fates = all.flatMap(({ packet, fate }) => {
    const kind = sent.find(({ name }) => name === packet);
    return kind === undefined ? [] : [{ kind, fate }];
  });
  return fates.length === 0 ? outcome : predictedOutcome(fates);
}
