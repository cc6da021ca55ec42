import type { ClientsPrediction, ServicePrediction } from '../../prediction/model/prediction.js';
import type { VirtualService } from '../../prediction/model/question.js';
import type { Paint } from '../text/colour.js';
import { shownOutcome } from '../../prediction/model/shownOutcome.js';
import { outcomeSigns } from './outcomeSigns.js';
import { outcomeMeanings } from './outcomeTexts.js';
import {
  blameLines,
  outcomeLabel,
  packetTable,
  placeText,
  situationText,
  unknownText,
} from './packetsText.js';
import { proofLines } from './proofText.js';
import { serviceEnd } from './serviceEnd.js';
import { realserverLines } from './realserverText.js';
import type { ServiceProbe } from '../../probe/serviceProbe.js';
import { probeLines } from './probeText.js';
import type { ServiceProof } from '../../proof/serviceProof.js';

/** What of a service was tried out; undefined: it was not. */
export interface ServiceTrials {
  readonly proof: ServiceProof | undefined;
  readonly probe: ServiceProbe | undefined;
  /** The kernel that packets were sent through. */
  readonly kernel: string | undefined;
}

/** What the rules do to a service, for people; its outcome is the one that counts. */
export function serviceText(
  prediction: ServicePrediction,
  { proof, probe, kernel }: ServiceTrials,
  paint: Paint,
): string {
  const {
    service,
    packets,
    clients,
    servers,
    others,
    situations,
    because,
    assumed,
    realservers = [],
  } = prediction;
  const { protocol } = service;
  const outcome = shownOutcome(protocol, prediction.outcome);
  const whose = [clients, ...(servers.length === 0 ? [] : [`realservers ${servers.join(', ')}`])].filter(
    (part) => part !== undefined,
  );
  const lines = [
    paint.bold(serviceLabel(service)),
    `  ${outcomeLabel(outcome, paint)}: ${outcomeMeanings[outcome]}${whose.length === 0 ? '' : ` (${whose.join('; ')})`}`,
    ...outcomeSigns(outcome, decidingPackets(prediction)).map((sign) => `  - ${sign}`),
    ...(proof === undefined ? [] : proofLines(proof, service, paint)),
    ...(probe === undefined ? [] : probeLines(probe, kernel ?? '')),
    ...(packets.length === 0 ? [] : ['', packetTable(packets, paint), '']),
    ...blameLines(packets),
    ...because.map((one) => `  unknown because of ${unknownText(one)}`),
    ...situations.map((one) => `  ${situationText(one)}: ${shownOutcome(protocol, one.outcome)}`),
    ...askedOf(situations),
    ...others.flatMap((one) => otherLines(one, service)),
    ...realservers.flatMap((one) => realserverLines(one, service, paint)),
    ...assumed.map(
      ({ text, at }) => `  taken for granted: ${text}${at === undefined ? '' : ` (${placeText(at)})`}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The packets by which it comes to that: on the director, or where the realservers' own rules are worse, on these. */
function decidingPackets({
  outcome,
  packets,
  realservers = [],
}: ServicePrediction): ServicePrediction['packets'] {
  const own = realservers.find((one) => one.outcome === outcome)?.packets;
  return own === undefined || packets.some(({ fate }) => fate === 'refused' || fate === 'diverted')
    ? packets
    : own;
}

/** How to say which of the situations it is; empty where there is but one. */
function askedOf(situations: ServicePrediction['situations']): readonly string[] {
  const differs = (side: 'clientSide' | 'serverSide') => new Set(situations.map((one) => one[side])).size > 1;
  const options = [
    ...(differs('clientSide') ? ['--in INTERFACE'] : []),
    ...(differs('serverSide') ? ['--out INTERFACE'] : []),
  ];
  if (options.length === 0) return [];
  return [
    `  no file says which: give what \`ip route\` and \`ip address\` print, or ${options.join(' and ')}`,
  ];
}

/** `192.0.2.1:80/tcp -> 10.0.0.1:80, 10.0.0.2:80 (DR)`. */
export function serviceLabel(service: VirtualService): string {
  const { fwmark, servers } = service;
  const mark = fwmark === undefined ? '' : ` by mark ${fwmark}`;
  const named = servers.filter(({ address }) => address !== '');
  const few = named.slice(0, 4).map(({ address }) => address);
  const more = named.length > 4 ? ` and ${named.length - 4} more` : '';
  const ways = [...new Set(servers.map(({ forwarding }) => forwarding.toUpperCase()))].join(' and ');
  const to = named.length === 0 ? '' : ` to ${few.join(', ')}${more}`;
  return `${serviceEnd(service)}${mark}${to} (${ways})`;
}

function otherLines(
  { clients, outcome, packets }: ClientsPrediction,
  { protocol }: VirtualService,
): readonly string[] {
  const by = [
    ...new Set(
      packets.flatMap(({ fate, by: endings }) =>
        fate === 'passes' ? [] : endings.map(({ at }) => placeText(at)),
      ),
    ),
  ];
  const kept = outcome === 'unreachable' ? 'kept out' : shownOutcome(protocol, outcome);
  return [
    `  ${clients}: ${kept}${by.length === 0 ? '' : ` (${by.slice(0, 4).join(', ')}${by.length > 4 ? ' ...' : ''})`}`,
  ];
}
