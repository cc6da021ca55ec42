import { packageRoot } from '../../../support/packageRoot.js';
import { shellQuote } from '../../../support/quote.js';
import { html, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';
import { displayFilterOf } from '../data/displayFilter.js';
import type { PageJob } from '../parts/pageJob.js';

/** Commands to see it again, each to be typed in the page's folder. */
export function commandsPart(job: PageJob): Html {
  const { evidence, folder } = job;
  const again = shellQuote(runArgv(job));
  const judged = shellQuote(['lvs-lab', 'judge', folder]);
  const ladder = evidence.measured?.ladder;
  const captures = (evidence.files ?? []).filter(({ name }) => /^measured\/[^/]+\.pcap$/.test(name));
  const filter = ladder && displayFilterOf(ladder.names);
  const seen =
    filter === undefined
      ? []
      : captures.map(({ name }) => shellQuote(['wireshark', '-r', `${folder}/${name}`, '-Y', filter]));
  return html`<section>
    <h4>${inBoth((words) => words.seeAgain)}</h4>
    <p>${inBoth((words) => words.inThisFolder)}</p>
    <dl class="commands">
      ${[
        html`<dt>${inBoth((words) => words.commands.run)}</dt>
          <dd><code>${again}</code></dd>`,
        html`<dt>${inBoth((words) => words.commands.judge)}</dt>
          <dd><code>${judged}</code></dd>`,
        seen.length === 0
          ? undefined
          : html`<dt>${inBoth((words) => words.commands.connection)}</dt>
              ${seen.map((line) => html`<dd><code>${line}</code></dd>`)}`,
      ]}
    </dl>
  </section>`;
}

/** The command that runs the job once more: of the library by its id, of anybody's own by the copy that the run kept. */
function runArgv({ result, folder }: PageJob): readonly string[] {
  const { scenario, file, cell } = result;
  const isOfLibrary = file === `${packageRoot}/scenarios/${scenario}.yaml`;
  const options = Object.entries({ kernel: cell?.kernel, image: cell?.image, iptables: cell?.iptables });
  return [
    ...['lvs-lab', 'run', isOfLibrary ? scenario : `${folder}/scenario.yaml`],
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
  ];
}
