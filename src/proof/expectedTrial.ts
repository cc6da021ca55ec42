import { predictedOutcome } from '../prediction/answer/predictedOutcome.js';
import type { Predicted } from '../prediction/model/predicted.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import { neighbourKinds, type PacketClass, tcpKinds } from '../prediction/packets/packetClasses.js';
import type { Behaviour } from '../rebuild/behaviours.js';

const kinds: readonly PacketClass[] = [...tcpKinds, ...neighbourKinds];

/** What a prediction says of connections that are used and ended in one way: only the packets that these have count. */
export function expectedTrial(
  { packets, outcome, realservers = [] }: ServicePrediction,
  behaviour: Behaviour,
): Predicted {
  const all = [...packets, ...realservers.flatMap((one) => one.packets)];
  const fates = all.flatMap(({ packet, fate }) => {
    const kind = kinds.find(({ name }) => name === packet);
    return kind === undefined || !isSent(kind, behaviour)
      ? []
      : [{ kind, fate, through: [], by: [], because: [] }];
  });
  return fates.length === 0 ? outcome : predictedOutcome(fates);
}

/** Whether clients and realservers of the lab send such packets when a connection ends so. */
function isSent({ name, part }: PacketClass, { ends }: Behaviour): boolean {
  // A program that leaves with SO_LINGER 0 sends a RST with an ACK; and a FIN has no data, for that was sent before.
  if (name === 'RST' || name === "realserver's RST" || name === 'FIN with data') return false;
  return part !== (ends === 'rst' ? 'close' : 'reset');
}
