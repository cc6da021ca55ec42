import { durationText } from '../../../support/duration.js';
import type { Curves, LoadCurves, NodeCurves } from '../data/curveTypes.js';
import { lineChart, type Chart } from '../drawings/lineChart.js';
import { drawnInPage } from '../drawings/svg.js';
import { html, type Content, type Html } from '../markup/html.js';
import { curveName } from '../words/curveName.js';
import { inBoth, inBothDrawn, type PickText } from '../words/say.js';
import { dataTable, foldedTable } from '../parts/dataTable.js';

/** What is drawn of a phase over time. */
interface CurvesOfPhase {
  readonly sockets: readonly NodeCurves[];
  readonly ipvs: readonly NodeCurves[];
}

/** Sockets of each node and IPVS entries of each director over time. */
export function curvesPart({ sockets, ipvs }: CurvesOfPhase, key: string): Html {
  const title = html`<h4>${inBoth((words) => words.overTime)}</h4>`;
  if (sockets.length + ipvs.length === 0) {
    return html`<section>
      ${title}
      <p>${inBoth((words) => words.noCurves)}</p>
    </section>`;
  }
  const ofSockets = sockets.map(({ node, of, ...curves }, index) =>
    plot(`${key}-sockets-${String(index)}`, (words) => words.socketsOf(node, of === 'flows'), {
      curves,
      counted: (words) => words.sockets,
    }),
  );
  const ofEntries = ipvs.map(({ node, of, ...curves }, index) =>
    plot(`${key}-ipvs-${String(index)}`, (words) => words.ipvsOf(node, of === 'flows'), {
      curves,
      counted: (words) => words.entries,
    }),
  );
  return html`<section>
    ${title}
    <div class="plots">${ofSockets}${ofEntries}</div>
  </section>`;
}

/** What a raw-socket load did over time; undefined where there was none. */
export function loadPart(load: LoadCurves | undefined, key: string): Html | undefined {
  if (load === undefined) return undefined;
  return html`<section>
    <h4>${inBoth((words) => words.load)}</h4>
    <div class="plots">
      ${plot(`${key}-rates`, (words) => words.flowsASecond, {
        curves: load.rates,
        counted: (words) => words.aSecond,
      })}${plot(`${key}-held`, (words) => words.flowsHeld, { curves: load.held, counted: (words) => words.flows })}${plot(
        `${key}-connect`,
        (words) => words.connectTime,
        {
          curves: load.connect,
          counted: (words) => words.connectTook,
          format: (value) => durationText(value, 'short'),
        },
      )}
    </div>
  </section>`;
}

/** A plot, what it shows, and the table behind it; where nothing was counted it says so. */
function plot(name: string, about: PickText, chart: Chart): Html {
  const { curves } = chart;
  const caption = html`<figcaption id="${name}">${inBoth(about)}${thinningOf(curves)}</figcaption>`;
  if (curves.names.length === 0) {
    return html`<figure>
      ${caption}
      <p>${inBoth((words) => words.nothingCounted)}</p>
    </figure>`;
  }
  return html`<figure>
    ${caption}
    <div class="frame" tabindex="0">
      ${drawnInPage(lineChart({ ...chart, nameOf: curveName }, inBothDrawn), name)}
    </div>
    ${foldedTable(
      inBoth((words) => words.table),
      tableOf(chart, inBoth(about)),
    )}
  </figure>`;
}

function thinningOf({ moments, recorded }: Curves): Content {
  if (moments.length === recorded) return undefined;
  return [' ', inBoth((words) => words.thinned(moments.length, recorded))];
}

function tableOf({ curves: { names, moments }, format }: Chart, caption: Html): Html {
  const heads = [inBoth((words) => words.secondsOfLoad), ...names.map((name) => inBoth(curveName(name)))];
  const rows = moments.map(({ time, values }): Content[] => [
    time.toFixed(1),
    ...names.map((name) => {
      const value = values[name] ?? 0;
      return format === undefined ? Math.round(value * 10) / 10 : format(value);
    }),
  ]);
  return dataTable(heads, rows, { caption });
}
