import type {
  ClientsPrediction,
  PacketPrediction,
  ServicePrediction,
  Unknown,
} from '../../prediction/model/prediction.js';
import type { VirtualService } from '../../prediction/model/question.js';
import type { Predicted } from '../../prediction/model/predicted.js';
import type { FileLine } from '../../site/model/sourceFile.js';
import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';
import { outcomeMeanings, outcomeSigns } from './outcomeTexts.js';
import { proofLines } from './proofText.js';
import type { ServiceProof } from '../../proof/serviceProof.js';

/** What the rules do to a service, for people. */
export function serviceText(
  prediction: ServicePrediction,
  proof: ServiceProof | undefined,
  paint: Paint,
): string {
  const { service, packets, clients, servers, others, situations, because, assumed } = prediction;
  const outcome = proof?.outcome ?? prediction.outcome;
  const whose = [clients, ...(servers.length === 0 ? [] : [`realservers ${servers.join(', ')}`])].filter(
    (part) => part !== undefined,
  );
  const lines = [
    paint.bold(serviceLabel(service)),
    `  ${outcomeLabel(outcome, paint)}: ${outcomeMeanings[outcome]}${whose.length === 0 ? '' : ` (${whose.join('; ')})`}`,
    ...outcomeSigns[outcome].map((sign) => `  - ${sign}`),
    ...(proof === undefined ? [] : proofLines(proof, paint)),
    ...(packets.length === 0 ? [] : ['', packetTable(packets, paint), '']),
    ...blameLines(packets),
    ...because.map((one) => `  unknown because of ${unknownText(one)}`),
    ...situations.map((one) => `  ${situationText(one)}: ${one.outcome}`),
    ...others.flatMap(otherLines),
    ...assumed.map(
      ({ text, at }) => `  taken for granted: ${text}${at === undefined ? '' : ` (${placeText(at)})`}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
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

/** `192.0.2.1:80/tcp`. */
export function serviceEnd({ vip, port, protocol, family }: VirtualService): string {
  return `${family === 'ipv6' ? `[${vip}]` : vip}:${port}/${protocol}`;
}

/** An outcome in its colour. */
function outcomeLabel(outcome: Predicted, paint: Paint): string {
  if (outcome === 'healthy') return paint.green(outcome);
  return outcome === 'unknown' ? paint.yellow(outcome) : paint.red(outcome);
}

/** Packets that fare alike are in one row. */
function packetTable(packets: readonly PacketPrediction[], paint: Paint): string {
  const rows = new Map<string, { readonly names: string[]; readonly rest: readonly string[] }>();
  for (const packet of packets) {
    const places =
      packet.fate === 'passes' ? packet.through.map(placeText) : packet.by.map(({ at }) => placeText(at));
    const rest = [packet.state, packet.fate, places.slice(0, 3).join(', ')];
    const key = JSON.stringify([packet.from, ...rest]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { names: [packet.packet], rest });
    else row.names.push(packet.packet);
  }
  return table(
    ['packets', 'state', 'fate', 'by'],
    [...rows.values()].map(({ names, rest }) => [names.join('; '), ...rest]),
    paint,
  );
}

/** Each rule that ends packets, with those that would have let them through in another state. */
function blameLines(packets: readonly PacketPrediction[]): readonly string[] {
  const rules = new Map<
    FileLine,
    { readonly how: string; readonly chain: string; readonly packets: PacketPrediction[] }
  >();
  for (const packet of packets)
    for (const { at, how, chain } of packet.fate === 'passes' ? [] : packet.by) {
      const known = rules.get(at);
      if (known === undefined) rules.set(at, { how, chain, packets: [packet] });
      else known.packets.push(packet);
    }
  return [...rules].flatMap(([at, { how, chain, packets: ended }]) => {
    const missed = new Set(ended.flatMap((packet) => packet.missed));
    return [
      `  ${placeText(at)} (${chain}, ${how}) takes ${ended.map(({ packet }) => packet).join('; ')}`,
      `      ${at.text}`,
      ...[...missed].map(
        (line) => `    ${placeText(line)} fails to accept them, for their state\n      ${line.text}`,
      ),
    ];
  });
}

function unknownText({ at, match, why }: Unknown): string {
  return `${placeText(at)}: \`${match}\`: ${why}`;
}

function situationText({ clientSide, serverSide }: ServicePrediction['situations'][number]): string {
  const parts = [
    ...(clientSide === undefined ? [] : [`clients by ${clientSide}`]),
    ...(serverSide === undefined ? [] : [`realservers behind ${serverSide}`]),
  ];
  return parts.join(', ');
}

function otherLines({ clients, outcome, packets }: ClientsPrediction): readonly string[] {
  const by = [
    ...new Set(
      packets.flatMap(({ fate, by: endings }) =>
        fate === 'passes' ? [] : endings.map(({ at }) => placeText(at)),
      ),
    ),
  ];
  const kept = outcome === 'unreachable' ? 'kept out' : outcome;
  return [
    `  ${clients}: ${kept}${by.length === 0 ? '' : ` (${by.slice(0, 4).join(', ')}${by.length > 4 ? ' ...' : ''})`}`,
  ];
}

/** `my.iptables:12`. */
function placeText({ file, line }: Pick<FileLine, 'file' | 'line'>): string {
  return `${file}:${line}`;
}
