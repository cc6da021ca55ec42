import { numbersText } from '../../console/numbersText.js';
import { noPaint } from '../../text/colour.js';
import { html, type Content, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';
import { commandsPart } from './commandsPart.js';
import { connectionsPart } from './connectionsPart.js';
import { curvesPart, loadPart } from './curvesPart.js';
import { filesPart } from './filesPart.js';
import { filtersPart } from './filtersPart.js';
import { ladderPart } from './ladderPart.js';
import type { PageJob } from '../parts/pageJob.js';

/** What is shown of a job when it is opened. */
export function jobDetails(job: PageJob): Html {
  const { key, evidence, result } = job;
  const measured = result.verdict?.measured;
  const view = evidence.measured;
  const parts: Content = [
    view === undefined
      ? undefined
      : [
          ladderPart(view.ladder, key),
          curvesPart(view, key),
          loadPart(view.load, key),
          filtersPart(view.filters),
        ],
    measured === undefined ? undefined : connectionsPart(measured),
    measured === undefined
      ? undefined
      : html`<section>
          <h4>${inBoth((words) => words.numbers)}</h4>
          <p>${inBoth((words) => words.numbersAbout)}</p>
          <pre class="frame" tabindex="0" lang="en">${numbersText(measured.numbers, noPaint)}</pre>
        </section>`,
    commandsPart(job),
    filesPart(job),
  ];
  return html`${parts}`;
}
