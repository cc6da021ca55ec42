import { predictedOutcome } from '../prediction/answer/predictedOutcome.js';
import type { Predicted } from '../prediction/model/predicted.js';
import type { PacketPrediction, ServicePrediction } from '../prediction/model/prediction.js';
import { kindsOf } from '../prediction/packets/packetClasses.js';

/** What became of packets of a service that were sent through its rules. */
export interface ServiceProbe {
  /** What counts: the predicted outcome, or where packets fared otherwise what they come to. */
  readonly outcome: Predicted;
  /** The packets that got as far as IPVS would take them, and those that did not. */
  readonly passed: readonly string[];
  readonly stopped: readonly string[];
  /** Where prediction and kernel disagree, a sentence each. */
  readonly faults: readonly string[];
}

/** A packet that was sent, with what was predicted of it up to IPVS, and whether it got there. */
export interface SentPacket extends Pick<PacketPrediction, 'packet' | 'fate'> {
  readonly isPassed: boolean;
}

/** What the packets that were sent for a service show. Behind IPVS the prediction counts. */
export function serviceProbe(whole: ServicePrediction, sent: readonly SentPacket[]): ServiceProbe {
  const names = (wanted: boolean) =>
    sent.filter(({ isPassed }) => isPassed === wanted).map(({ packet }) => packet);
  const faults = sent.flatMap(({ packet, fate, isPassed }) => {
    if (fate === 'unknown' || (fate === 'passes') === isPassed) return [];
    return [
      `${packet} is predicted ${fate === 'passes' ? 'to get as far as IPVS' : `${fate} before IPVS`}, and the kernel ${isPassed ? 'let it get there' : 'did not'}`,
    ];
  });
  const outcome =
    faults.length === 0 ? whole.outcome : outcomeOf(whole, new Set(names(true)), new Set(names(false)));
  return { outcome, passed: names(true), stopped: names(false), faults };
}

function outcomeOf(
  { service, packets }: ServicePrediction,
  passed: ReadonlySet<string>,
  stopped: ReadonlySet<string>,
): Predicted {
  const kinds = kindsOf(service);
  const fates = packets.flatMap(({ packet, fate }) => {
    const kind = kinds.find(({ name }) => name === packet);
    const seen = stopped.has(packet) ? 'refused' : passed.has(packet) ? 'passes' : fate;
    return kind === undefined ? [] : [{ kind, fate: seen }];
  });
  return predictedOutcome(fates);
}
