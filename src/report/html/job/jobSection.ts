import { deflateSync } from 'node:zlib';
import type { Source } from '../../../scenario/model/scenario.js';
import { cellText } from '../../results/cellText.js';
import { reasonLines, resultText } from '../../results/resultText.js';
import { notRunText } from '../../results/notRunText.js';
import { html, type Content, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';
import { causeSection } from './causeSection.js';
import { jobDetails } from './jobDetails.js';
import { filterMarks } from '../parts/overview.js';
import type { PageJob } from '../parts/pageJob.js';
import { resultMark } from '../parts/resultMark.js';
import { seenText } from '../parts/seenText.js';

/**
 * A job: what it is about and what it came to, which every reader has, and the details, which are packed and unpacked when the job is
 * opened.
 */
export function jobSection(job: PageJob): Html {
  const { key, result, evidence } = job;
  const { scenario } = evidence;
  const cell = cellText(result.cell);
  return html`<details class="job" ${filterMarks([job])}>
    <summary>
      ${resultMark(result)} <span class="job-name">${result.job}${cell === '' ? '' : ` (${cell})`}</span>
      <span class="seen">${inBoth((words) => seenText(result, words))}</span>
    </summary>
    <div id="${key}" tabindex="-1">
      <h3>${scenario?.title ?? result.job}</h3>
      ${verdictPart(job)}${causeSection(result)}${lackingPart(job)}${aboutPart(job)}${packed(job)}
    </div>
  </details>`;
}

function verdictPart({ result }: PageJob): Html {
  const said = html`<p class="sentence" lang="en">
    ${result.notRun === undefined ? resultText(result) : notRunText(result.notRun)}
  </p>`;
  const reasons = reasonLines(result);
  const isPlain = result.verdict === undefined;
  const why = isPlain
    ? html`<pre lang="en">${reasons.join('\n')}</pre>`
    : html`<ul lang="en">
        ${result.verdict.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>`;
  return part((words) => words.verdict, [said, reasons.length === 0 ? undefined : why]);
}

function lackingPart({ evidence: { lacking } }: PageJob): Html | undefined {
  if (lacking.length === 0) return undefined;
  return html`<div class="lacking">
    ${part(
      (words) => words.lacking,
      html`<ul lang="en">
        ${lacking.map((each) => html`<li>${each}</li>`)}
      </ul>`,
    )}
  </div>`;
}

function aboutPart({ evidence: { scenario } }: PageJob): Content {
  if (scenario === undefined) return undefined;
  const { story, why, links, tags } = scenario;
  return [
    story === undefined ? undefined : part((words) => words.story, paragraphs(story)),
    why === undefined ? undefined : part((words) => words.why, paragraphs(why)),
    tags.length === 0
      ? undefined
      : html`<p class="tags">${inBoth((words) => words.tag)}: ${tags.join(', ')}</p>`,
    links.length === 0
      ? undefined
      : part(
          (words) => words.seeAlso,
          html`<ul>
            ${links.map(linkTo)}
          </ul>`,
        ),
  ];
}

/** A link to a public page, under its title if it has one; what is no address of the web is only told. */
function linkTo({ url, title = url }: Source): Html {
  return /^https?:\/\//.test(url)
    ? html`<li><a href="${url}" rel="noreferrer">${title}</a></li>`
    : html`<li>${title}</li>`;
}

/** Text of a scenario file: paragraphs, and listings, whose lines are indented. */
function paragraphs(text: string): readonly Html[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) =>
      /^\s/m.test(block)
        ? html`<pre lang="en">${block}</pre>`
        : html`<p lang="en">${block.replaceAll('\n', ' ')}</p>`,
    );
}

/** The job's details as deflated JSON, unless there are none. */
function packed(job: PageJob): Html | undefined {
  if (job.result.notRun !== undefined || job.evidence.files === undefined) return undefined;
  const data = deflateSync(JSON.stringify({ html: jobDetails(job).markup })).toString('base64');
  return html`<div class="more"><p class="wait">${inBoth((words) => words.needsScript)}</p></div>
    <template class="packed">${data}</template>`;
}

function part(title: Parameters<typeof inBoth>[0], content: Content): Html {
  return html`<section>
    <h4>${inBoth(title)}</h4>
    ${content}
  </section>`;
}
