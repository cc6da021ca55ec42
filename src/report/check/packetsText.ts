import type { PacketPrediction, ServicePrediction, Unknown } from '../../prediction/model/prediction.js';
import type { FileLine } from '../../site/model/sourceFile.js';
import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';
import type { ShownOutcome } from '../../prediction/model/shownOutcome.js';

/** An outcome in its colour. */
export function outcomeLabel(outcome: ShownOutcome, paint: Paint): string {
  if (outcome === 'healthy' || outcome === 'answered') return paint.green(outcome);
  return outcome === 'unknown' ? paint.yellow(outcome) : paint.red(outcome);
}

/** Packets that fare alike are in one row. */
export function packetTable(packets: readonly PacketPrediction[], paint: Paint): string {
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
export function blameLines(packets: readonly PacketPrediction[]): readonly string[] {
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

/** `my.iptables:12: `-m limit`: it counts`. */
export function unknownText({ at, match, why }: Unknown): string {
  return `${placeText(at)}: \`${match}\`: ${why}`;
}

/** By which interfaces packets come and go. */
export function situationText({ clientSide, serverSide }: ServicePrediction['situations'][number]): string {
  const parts = [
    ...(clientSide === undefined ? [] : [`clients by ${clientSide}`]),
    ...(serverSide === undefined ? [] : [`realservers behind ${serverSide}`]),
  ];
  return parts.join(', ');
}

/** `my.iptables:12`. */
export function placeText({ file, line }: Pick<FileLine, 'file' | 'line'>): string {
  return `${file}:${line}`;
}
