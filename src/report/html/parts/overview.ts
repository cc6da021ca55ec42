import { outcomes } from '../../../contracts/words/outcomes.js';
import { durationText } from '../../../support/duration.js';
import { cellText } from '../../results/cellText.js';
import { resultKinds, resultOf } from '../../results/resultKind.js';
import { html, type Content, type Html } from '../markup/html.js';
import { chinese } from '../words/chinese.js';
import { english, type Words } from '../words/english.js';
import { inBoth } from '../words/say.js';
import type { PageJob } from './pageJob.js';
import { resultMark } from './resultMark.js';
import { seenText } from './seenText.js';

/** All jobs at a glance: a row for each scenario, a column for each kernel, image and flavour of iptables that it ran with. */
export function overview(jobs: readonly PageJob[]): Html {
  const cells = [...new Set(jobs.map(columnOf))];
  const isMatrix = cells.length > 1;
  const heads = isMatrix
    ? cells.map(
        (cell) =>
          html`<th scope="col">
            ${cell === '' ? inBoth((words) => words.nothingNamed) : cell.split(', ').map((part) => html`<span class="line">${part}</span>`)}
          </th>`,
      )
    : [
        html`<th scope="col">${inBoth((words) => words.result)}</th>`,
        html`<th scope="col">${inBoth((words) => words.seen)}</th>`,
        html`<th scope="col">${inBoth((words) => words.time)}</th>`,
      ];
  const rows = [...rowsOf(jobs)].map(([scenario, ofScenario]) => {
    const columns = isMatrix ? cells.map((cell) => gridCell(ofScenario, cell)) : plainCells(ofScenario);
    return html`<tr ${filterMarks(ofScenario)}>
      <th scope="row">
        ${isMatrix ? scenario : linkToFirst(ofScenario, scenario)}<span class="title"
          >${titleOf(ofScenario)}</span
        >
      </th>
      ${columns}
    </tr>`;
  });
  return html`<section id="overview" aria-labelledby="overview-title">
    <h2 id="overview-title">${inBoth((words) => words.overview)}</h2>
    ${counts(jobs)}${filters(jobs)}
    <div class="frame" tabindex="0">
      <table class="grid">
        <caption class="unseen">
          ${inBoth((words) => words.overview)}
        </caption>
        <thead>
          <tr>
            <th scope="col">${inBoth((words) => words.scenario)}</th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** What a row or a job is filtered by, as attributes. */
export function filterMarks(jobs: readonly PageJob[]): Html {
  const listed = (of: (job: PageJob) => readonly (string | undefined)[]): string =>
    [...new Set(jobs.flatMap(of))].filter((word) => word !== undefined).join(' ');
  const text = jobs.flatMap((job) => [
    job.result.job,
    job.evidence.scenario?.title ?? '',
    cellText(job.result.cell),
  ]);
  return html`data-text="${[...new Set(text)].join(' ').toLowerCase()}"
  data-result="${listed(({ result }) => [resultOf(result)])}"
  data-outcome="${listed(({ result }) => [result.verdict?.measured?.outcome])}"
  data-tag="${listed(({ evidence }) => evidence.scenario?.tags ?? [])}"`;
}

function rowsOf(jobs: readonly PageJob[]): ReadonlyMap<string, readonly PageJob[]> {
  const rows = new Map<string, PageJob[]>();
  for (const job of jobs) {
    const known = rows.get(job.result.scenario);
    if (known === undefined) rows.set(job.result.scenario, [job]);
    else known.push(job);
  }
  return rows;
}

/** What a job ran on: as it was asked for, or else the kernel that it found. */
function columnOf({ result, engine }: PageJob): string {
  const asked = cellText(result.cell);
  return asked === '' ? (engine?.identity.kernel ?? '') : asked;
}

function titleOf(jobs: readonly PageJob[]): string | undefined {
  return jobs.find(({ evidence }) => evidence.scenario !== undefined)?.evidence.scenario?.title;
}

function plainCells(jobs: readonly PageJob[]): readonly Html[] {
  const each = (of: (job: PageJob) => Html): Html =>
    html`<td>${jobs.map((job) => html`<span class="line">${of(job)}</span>`)}</td>`;
  return [
    each((job) => (jobs.length === 1 ? resultMark(job.result) : link(job, resultMark(job.result)))),
    each(({ result }) => inBoth((words) => seenText(result, words))),
    each(({ result: { seconds } }) => html`${seconds > 0 ? durationText(seconds) : ''}`),
  ];
}

function gridCell(jobs: readonly PageJob[], cell: string): Html {
  const here = jobs.filter((job) => columnOf(job) === cell);
  if (here.length === 0) return html`<td class="none">${inBoth((words) => words.notAsked)}</td>`;
  return html`<td>
    ${here.map((job) => {
      const seen = inBoth((words) => outcomeText(job, words));
      return html`<span class="line">${link(job, html`${resultMark(job.result)} ${seen}`)}</span>`;
    })}
  </td>`;
}

function outcomeText({ result }: PageJob, words: Words): string {
  const outcome = result.verdict?.measured?.outcome;
  return outcome === undefined ? '' : words.outcomes[outcome];
}

function link({ key }: PageJob, content: Html): Html {
  return html`<a href="#${key}">${content}</a>`;
}

function linkToFirst([first]: readonly PageJob[], text: string): Content {
  return first === undefined ? text : link(first, html`${text}`);
}

function counts(jobs: readonly PageJob[]): Html {
  const shown = resultKinds.flatMap((kind) => {
    const some = jobs.filter(({ result }) => resultOf(result) === kind);
    const [first] = some;
    return first === undefined ? [] : [html`<li>${resultMark(first.result)} ${some.length}</li>`];
  });
  return html`<ul class="counts">
    ${shown}
  </ul>`;
}

/** Ways to see some of the jobs only, for those who have JavaScript. */
function filters(jobs: readonly PageJob[]): Html {
  const has = (of: (job: PageJob) => readonly (string | undefined)[]) => new Set(jobs.flatMap(of));
  const results = has(({ result }) => [resultOf(result)]);
  const seen = has(({ result }) => [result.verdict?.measured?.outcome]);
  const tags = [...has(({ evidence }) => evidence.scenario?.tags ?? [])].sort();
  return html`<form class="filters" role="search" hidden>
    <label
      >${inBoth((words) => words.filterText)} <input type="search" name="text" autocomplete="off" /></label
    >${select(
      'result',
      (words) => words.result,
      resultKinds
        .filter((kind) => results.has(kind))
        .map((kind) => [kind, bothOf((words) => words.results[kind])]),
    )}${select(
      'outcome',
      (words) => words.outcome,
      outcomes
        .filter((outcome) => seen.has(outcome))
        .map((outcome) => [outcome, bothOf((words) => words.outcomes[outcome])]),
    )}${select(
      'tag',
      (words) => words.tag,
      tags.flatMap((tag) => (tag === undefined ? [] : [[tag, tag]])),
    )}
    <p role="status">
      ${inBoth((words) => words.shown)} <span data-shown>${jobs.length}</span> / ${jobs.length}
    </p>
  </form>`;
}

function select(
  name: string,
  label: (words: Words) => string,
  options: readonly (readonly [value: string, text: string])[],
): Html {
  return html`<label
    >${inBoth(label)}
    <select name="${name}">
      <option value="">${bothOf((words) => words.all)}</option>
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select></label
  >`;
}

/** Of an option no part can be hidden. */
function bothOf(pick: (words: Words) => string): string {
  const [one, other] = [pick(english), pick(chinese)];
  return one === other ? one : `${one} \u00b7 ${other}`;
}
