import path from 'node:path';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { RunReport } from '../document/resultDocument.js';
import { resultKinds, resultOf } from '../results/resultKind.js';
import { errorText } from '../text/errorText.js';
import { readJobEvidence } from './data/jobEvidence.js';
import { documentText } from './document.js';
import { html, type Content, type Html } from './markup/html.js';
import { jobSection } from './job/jobSection.js';
import { overview } from './parts/overview.js';
import type { PageJob } from './parts/pageJob.js';
import { provenancePart } from './parts/provenancePart.js';
import { inBoth } from './words/say.js';

/**
 * The text of the page of a run, of merged runs or of a judgement, to lie in the folder `beside`. The evidence of one job at a time is read; a
 * job's details are packed before the next one's are read.
 */
export async function runPageText(report: RunReport, beside: string): Promise<string> {
  const { results, engines = [], runId, version, directory, mutated = false } = report;
  const jobs: PageJob[] = [];
  const sections: Html[] = [];
  for (const [index, result] of results.entries()) {
    const evidence = await readJobEvidence(result);
    const job: PageJob = {
      key: `job-${String(index + 1)}`,
      result,
      evidence,
      folder: folderFrom(beside, result.directory),
      engine: engines.find(
        ({ kernel, image }) => kernel === result.cell?.kernel && image === result.cell?.image,
      ),
    };
    sections.push(jobSection(job));
    jobs.push(withoutDetails(job));
  }
  const name = path.basename(directory ?? beside);
  const ran = html`<p class="run">${inBoth((words) => words.runOf(name, runId, version))}</p>`;
  const notes: Content = [
    mutated ? html`<p class="note">${inBoth((words) => words.mutated)}</p>` : undefined,
    'error' in report && report.error !== undefined ? endedEarly(report.error) : undefined,
  ];
  return documentText({
    title: `${name}: ${countsText(results)}`,
    heading: html`lvs-lab`,
    body: [
      ran,
      notes,
      overview(jobs),
      html`<section aria-labelledby="jobs-title">
        <h2 id="jobs-title">${inBoth((words) => words.scenarios)}</h2>
        ${sections}
      </section>`,
      provenancePart(engines),
    ],
  });
}

function folderFrom(beside: string, directory: string): string {
  return path.relative(beside, directory).split(path.sep).join('/') || '.';
}

/** What the overview needs of a job: the rest is in the page by then. */
function withoutDetails({ evidence, ...job }: PageJob): PageJob {
  return { ...job, evidence: { ...evidence, measured: undefined } };
}

function endedEarly(error: unknown): Html {
  return html`<section class="note">
    <h2>${inBoth((words) => words.endedEarly)}</h2>
    <pre lang="en">${errorText(error)}</pre>
  </section>`;
}

/** `95 pass, 2 fail`, as the title of a window has it. */
function countsText(results: readonly ScenarioResult[]): string {
  const counts = resultKinds.flatMap((kind) => {
    const n = results.filter((result) => resultOf(result) === kind).length;
    return n === 0 ? [] : [`${String(n)} ${kind.replace('-', ' ')}`];
  });
  return counts.length === 0 ? 'no results' : counts.join(', ');
}
