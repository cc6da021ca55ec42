import type { Curves, Moment } from '../data/curveTypes.js';
import { html, type Content, type Html } from '../markup/html.js';
import type { PickText, Say } from '../words/say.js';
import { roundScale, tightScale, type Scale } from './scale.js';
import { spread } from './spread.js';
import { svg, type Drawing } from './svg.js';

/** What a chart shows and how its axes are called. */
export interface Chart {
  readonly curves: Curves;
  /** What is counted upwards. */
  readonly counted: PickText;
  /** How a value is written at the axis. */
  readonly format?: ((value: number) => string) | undefined;
  /** The name of a curve for people. */
  readonly nameOf?: ((name: string) => PickText) | undefined;
}

const width = 640;
const height = 230;
const frame = { left: 58, right: 520, top: 26, bottom: 188 };
/** Curves have so many looks, each a colour, a dash and a mark, so that colour alone tells nothing. */
const looks = 8;
/** Marks are drawn where there are few enough moments to tell them apart. */
const mostMarked = 30;

/** The looks of states that several charts have, so that a state looks the same in each. */
const looksOfStates: Readonly<Record<string, number>> = {
  ...{ ESTAB: 0, ESTABLISHED: 0, opened: 0, p50: 0 },
  ...{ 'FIN-WAIT-2': 1, 'LAST-ACK': 1, stuck: 1, p99: 1 },
  ...{ 'TIME-WAIT': 2, FIN_WAIT: 2, closed: 2, p90: 2 },
  ...{ 'FIN-WAIT-1': 3, TIME_WAIT: 3, 'reset or refused': 3 },
  ...{ 'CLOSE-WAIT': 4, CLOSE_WAIT: 4, 'under way': 4 },
  ...{ 'SYN-SENT': 5, 'SYN-RECV': 6, SYN_RECV: 6, CLOSE: 7, CLOSING: 7 },
};

/** Draws curves over time, each named at its end. */
export function lineChart({ curves, counted, format = countAt, nameOf = asItIs }: Chart, say: Say): Drawing {
  const { moments, names } = curves;
  const times = moments.map(({ time }) => time);
  const values = names.flatMap((name) => moments.map((moment) => valueOf(moment, name)));
  const x = tightScale(
    { least: Math.min(0, ...times), most: Math.max(...times, 1e-3) },
    { from: frame.left, to: frame.right },
    6,
  );
  const y = roundScale(
    { least: 0, most: Math.max(...values, 1e-6) },
    { from: frame.bottom, to: frame.top },
    4,
  );
  const ends = spread(
    names.map((name) => y.at(valueOf(moments.at(-1), name))),
    15,
    frame.bottom,
  );
  return svg({ width, height }, [
    axes(x, y, { counted, format, say }),
    names.map((name, index) => {
      const points = moments.map((moment) => [x.at(moment.time), y.at(valueOf(moment, name))] as const);
      return curve(points, lookOf(name, index), {
        label: say(nameOf(name)),
        labelAt: ends[index] ?? frame.bottom,
      });
    }),
  ]);
}

function axes(
  x: Scale,
  y: Scale,
  {
    counted,
    format,
    say,
  }: { readonly counted: PickText; readonly format: (value: number) => string; readonly say: Say },
): Content {
  const { left: first, right: last } = frame;
  return [
    y.ticks.map((tick) => [
      html`<line
        class="grid"
        x1="${place(first)}"
        x2="${place(last)}"
        y1="${place(y.at(tick))}"
        y2="${place(y.at(tick))}"
      />`,
      html`<text class="tick" x="${frame.left - 8}" y="${place(y.at(tick) + 4)}" text-anchor="end"
        >${format(tick)}</text
      >`,
    ]),
    x.ticks.map(
      (tick) =>
        html`<text class="tick" x="${place(x.at(tick))}" y="${frame.bottom + 18}" text-anchor="middle"
          >${tick}</text
        >`,
    ),
    html`<line
      class="axis"
      x1="${place(first)}"
      x2="${place(last)}"
      y1="${frame.bottom}"
      y2="${frame.bottom}"
    />`,
    html`<text class="name" x="${frame.left - 8}" y="14">${say(counted)}</text>`,
    html`<text class="name" x="${frame.right}" y="${height - 6}" text-anchor="end"
      >${say((words) => words.secondsOfLoad)}</text
    >`,
  ];
}

type Point = readonly [x: number, y: number];

function curve(
  points: readonly Point[],
  look: number,
  { label, labelAt }: { readonly label: Html; readonly labelAt: number },
): Html {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${place(x)} ${place(y)}`).join('');
  const [endX, endY] = points.at(-1) ?? [frame.right, frame.bottom];
  const marks = points.length > mostMarked ? [] : points.map((point) => mark(point, look));
  return html`<g class="look look-${look}"
    ><path class="curve" d="${path}" />${marks}<path
      class="leader"
      d="M${place(endX + 2)} ${place(endY)}L${frame.right + 12} ${place(labelAt)}"
    />${mark([frame.right + 18, labelAt], look)}<text
      class="curve-name"
      x="${frame.right + 28}"
      y="${place(labelAt + 4)}"
      >${label}</text
    ></g
  >`;
}

/** A mark of one of four shapes: round, square, pointed, crossed. */
function mark([x, y]: Point, look: number): Html {
  const shapes = [
    `M${place(x - 3)} ${place(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`,
    `M${place(x - 3)} ${place(y - 3)}h6v6h-6z`,
    `M${place(x)} ${place(y - 4)}l4 7h-8z`,
    `M${place(x - 3)} ${place(y - 3)}l6 6m0 -6l-6 6`,
  ];
  return html`<path class="mark" d="${shapes[look % shapes.length]}" />`;
}

function lookOf(name: string, index: number): number {
  return looksOfStates[name] ?? index % looks;
}

function valueOf(moment: Moment | undefined, name: string): number {
  return moment?.values[name] ?? 0;
}

const place = (coordinate: number): string => String(Math.round(coordinate * 10) / 10);
const countAt = (value: number): string => (value >= 10_000 ? `${String(value / 1000)}k` : String(value));
const asItIs = (name: string) => () => name;
