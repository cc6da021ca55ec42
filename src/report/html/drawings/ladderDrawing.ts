import type { Gap } from '../data/condensed.js';
import type { Hop } from '../data/packetPaths.js';
import type { Ladder, LadderPacket } from '../data/ladder.js';
import { packetText } from '../data/packetText.js';
import { html, type Content, type Html } from '../markup/html.js';
import type { Say } from '../words/say.js';
import { svg, type Drawing } from './svg.js';

const rowHeight = 30;
const top = 46;
const firstLane = 130;
const betweenLanes = 220;
/** Room for a lane's name, and for each character of what took a packet. */
const besideLane = 70;
const characterWidth = 6.9;
const leastWidth = 640;
/** A rule is written no longer than this beside its packet; the table has all of it. */
const longestRule = 56;

/** Draws a connection from its first packet down to its last: a lane for each node, an arrow for each hop, a cross where a packet ended. */
export function ladderDrawing({ lanes, rows }: Ladder, say: Say): Drawing {
  const places = new Map(lanes.map((name, index) => [name, firstLane + index * betweenLanes]));
  const height = top + rows.length * rowHeight + 16;
  const width = Math.ceil(
    Math.max(
      leastWidth,
      firstLane + (lanes.length - 1) * betweenLanes + besideLane,
      ...rows.map((row) => endOfText(row, places)),
    ),
  );
  return svg({ width, height }, [
    [...places].map(([name, x]) => [
      html`<text class="lane-name" x="${x}" y="18" text-anchor="middle">${name}</text>`,
      html`<line class="lane" x1="${x}" x2="${x}" y1="28" y2="${height - 8}" />`,
    ]),
    rows.map((row, index) => {
      const y = top + index * rowHeight + rowHeight / 2;
      return row.row === 'gap' ? gap(row, y, { places, say }) : packet(row, y, { places, say });
    }),
  ]);
}

/** How far what is written beside a packet reaches to the right. */
function endOfText(row: LadderPacket | Gap, places: ReadonlyMap<string, number>): number {
  if (row.row === 'gap' || row.endsAt === undefined || row.towards === 'client') return 0;
  const [rule = ''] = row.takenBy;
  const characters = row.takenBy.length === 1 ? Math.min(rule.length, longestRule) + 3 : 44;
  return (places.get(row.endsAt) ?? 0) + 16 + characters * characterWidth;
}

interface LadderLayout {
  /** Name of a node -> where its lane is. */
  readonly places: ReadonlyMap<string, number>;
  readonly say: Say;
}

function gap({ packets, seconds }: Gap, y: number, { places, say }: LadderLayout): Html {
  const x = [...places.values()][0] ?? firstLane;
  return html`<text class="gap" x="${x + 12}" y="${y + 4}"
    >${say((words) => words.leftOut(packets, seconds.toFixed(1)))}</text
  >`;
}

function packet(row: LadderPacket, y: number, { places, say }: LadderLayout): Html {
  const { hops, endsAt, towards } = row;
  const end = endsAt === undefined ? undefined : places.get(endsAt);
  const kind = [
    row.what === 'icmp' ? 'error' : '',
    end === undefined ? '' : 'ended',
    row.isAgain ? 'again' : '',
  ];
  const first = hops[0];
  const [from, to] = [placeOf(first?.from, places, towards, -1), placeOf(first?.to, places, towards, 1)];
  return html`<g class="${['packet', ...kind].filter((word) => word !== '').join(' ')}"
    ><text class="tick" x="62" y="${y + 4}" text-anchor="end">${row.time.toFixed(3)}</text>${hops.map(
      (hop, index) =>
        arrow(hop, y, { places, towards, isCut: endsAt !== undefined && index === hops.length - 1 }),
    )}<text class="packet-name" x="${(from + to) / 2}" y="${y - 5}" text-anchor="middle"
      >${say((words) => packetText(row, words))}</text
    >${end === undefined ? undefined : ending(row, { x: end, y, toTheRight: towards === 'service' }, say)}</g
  >`;
}

function arrow(
  { from, to }: Hop,
  y: number,
  {
    places,
    towards,
    isCut,
  }: {
    readonly places: ReadonlyMap<string, number>;
    readonly towards: 'service' | 'client';
    readonly isCut: boolean;
  },
): Content {
  const start = placeOf(from, places, towards, -1);
  const end = placeOf(to, places, towards, 1);
  const way = end >= start ? 1 : -1;
  const tip = isCut ? end - 10 * way : end - 2 * way;
  const line = html`<line class="arrow" x1="${start + 2 * way}" x2="${tip - 6 * way}" y1="${y}" y2="${y}" />`;
  const head = html`<path class="head" d="M${tip} ${y}l${-9 * way} -4v8z" />`;
  return [line, head];
}

/** The place of a node's lane; of an address that is none of the lab's, a little outside. */
function placeOf(
  name: string | undefined,
  places: ReadonlyMap<string, number>,
  towards: 'service' | 'client',
  side: 1 | -1,
): number {
  const known = name === undefined ? undefined : places.get(name);
  const all = [...places.values()];
  if (known !== undefined) return known;
  const isRight = (towards === 'service') === (side === 1);
  return isRight ? (all.at(-1) ?? firstLane) + 60 : (all[0] ?? firstLane) - 60;
}

function ending(
  { takenBy }: LadderPacket,
  { x, y, toTheRight }: { readonly x: number; readonly y: number; readonly toTheRight: boolean },
  say: Say,
): Content {
  const way = toTheRight ? 1 : -1;
  const [rule] = takenBy;
  const text =
    rule === undefined || takenBy.length > 1
      ? say((words) => (rule === undefined ? words.wentNoFurther : words.takenByOneOf(takenBy.length)))
      : html`${rule.length > longestRule ? `${rule.slice(0, longestRule)}...` : rule}`;
  return [
    html`<path class="cross" d="M${x - 6} ${y - 6}l12 12m0 -12l-12 12" />`,
    html`<text class="taker" x="${x + 12 * way}" y="${y + 4}" text-anchor="${toTheRight ? 'start' : 'end'}"
      >${text}</text
    >`,
  ];
}
