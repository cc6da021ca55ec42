import type { Hook } from '../../contracts/words/rules.js';
import type {
  PacketPrediction,
  ServicePrediction,
  SituationPrediction,
} from '../../prediction/model/prediction.js';
import type { Predicted } from '../../prediction/model/predicted.js';
import { predictedOutcomes } from '../../prediction/model/predicted.js';
import { isCounting } from '../../prediction/rules/opaqueReasons.js';
import type { FileLine } from '../../site/model/sourceFile.js';
import type { ChangedSite } from '../model/changedSite.js';

/** Something that ends packets of a service which should get through. */
export interface Obstacle {
  readonly service: ServicePrediction;
  readonly at: FileLine;
  /** The chain that the kernel called, and from which hook. */
  readonly chain: string;
  readonly hook: Hook;
  readonly isPolicy: boolean;
  /** The packets that end there. */
  readonly packets: readonly PacketPrediction[];
  /** Whether nobody knows when it does, as it counts. */
  readonly isCounting: boolean;
}

/** Why a service cannot be cured, with the line that it depends on. */
export interface Incurable {
  readonly at: Pick<FileLine, 'file' | 'line'> | undefined;
  readonly why: string;
}

/** What is in the way of a service; undefined: nothing. */
export function obstacleOf(site: ChangedSite, service: ServicePrediction): Obstacle | Incurable | undefined {
  const ended = endedOf(service);
  const first = ended[0]?.by[0];
  if (first === undefined)
    return isCured(site, service) ? undefined : { at: undefined, why: whyUnknown(service) };
  const { at, chain } = first;
  const [unclear] = ended[0]?.because ?? [];
  if (unclear !== undefined && !isCounting(unclear.why))
    return { at: unclear.at, why: `\`${unclear.match}\`: ${unclear.why}` };
  const base = site.chainNamed(chain)?.base;
  if (base === undefined) return { at, why: first.how };
  return {
    service,
    at,
    chain,
    hook: base.hook,
    isPolicy: base.at.file === at.file && base.at.line === at.line,
    packets: ended.filter(({ by }) => by.some((one) => one.at.file === at.file && one.at.line === at.line)),
    isCounting: unclear !== undefined,
  };
}

/** Whether nothing is in the way of any service any more. */
export function isAllCured(site: ChangedSite): boolean {
  return site.prediction.services.every((service) => isCured(site, service));
}

/**
 * Whether nothing is in the way of a service any more. A limit on new connections is not in the way, because it is there on purpose. Neither is
 * that clients cannot connect by an interface by which they never could, as long as others can connect by another.
 */
export function isCured(site: ChangedSite, service: ServicePrediction): boolean {
  const { outcome, situations, packets } = service;
  if (outcome === 'healthy') return true;
  const { services } = site.original.prediction;
  const before = services[site.prediction.services.indexOf(service)];
  if (situations.length === 0)
    return outcome === 'unknown' && packets.length > 0 && endedOf(service).length === 0;
  const isOpen = before !== undefined && before.outcome !== 'unknown' && before.outcome !== 'unreachable';
  return (
    isOpen &&
    situations.some((one) => one.outcome === 'healthy') &&
    situations.every(
      (one) => one.outcome === 'healthy' || (one.outcome === 'unreachable' && wasClosed(before, one)),
    )
  );
}

function wasClosed({ situations }: ServicePrediction, one: SituationPrediction): boolean {
  return situations.some(
    ({ clientSide, serverSide, outcome }) =>
      outcome === 'unreachable' && clientSide === one.clientSide && serverSide === one.serverSide,
  );
}

/** Whether one outcome is worse than another, or says less. */
export function isWorse(one: Predicted, other: Predicted): boolean {
  return predictedOutcomes.indexOf(one) < predictedOutcomes.indexOf(other);
}

/** Packets that do not get through, and should. A limit for those that open connections is left to do what it is for. */
function endedOf({ packets }: ServicePrediction): readonly PacketPrediction[] {
  return packets.filter(
    ({ packet, fate, because }) =>
      fate !== 'passes' &&
      packet !== 'ICMP too big' &&
      !(isOpening(packet) && fate === 'unknown' && because.every(({ why }) => isCounting(why))),
  );
}

function isOpening(packet: string): boolean {
  return packet === 'SYN' || packet === 'request';
}

function whyUnknown({ situations, because }: ServicePrediction): string {
  const [first] = because;
  if (situations.length > 1)
    return 'it depends on the interfaces: say by which clients come in with --in, and behind which the realservers are with --out';
  return first === undefined ? 'what is in its way is not in the rules' : `\`${first.match}\`: ${first.why}`;
}
