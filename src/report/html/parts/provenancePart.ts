import type { EngineRecord } from '../../../run/model/engineRecord.js';
import { cellText } from '../../results/cellText.js';
import { provenanceText } from '../../listings/provenanceText.js';
import { html, type Html } from '../markup/html.js';
import { inBoth } from '../words/say.js';

/** What the jobs ran on, as far as it is known: engine, kernel, systems and versions. */
export function provenancePart(engines: readonly EngineRecord[]): Html {
  const title = html`<h2 id="provenance-title">${inBoth((words) => words.provenance)}</h2>`;
  const each = engines.map((engine) => {
    const asked = cellText({ kernel: engine.kernel, image: engine.image, iptables: undefined });
    return html`${asked === '' ? undefined : html`<h3>${asked}</h3>`}
      <pre class="frame" tabindex="0" lang="en">${provenanceText(engine)}</pre>`;
  });
  const content = each.length === 0 ? html`<p>${inBoth((words) => words.noEngine)}</p>` : each;
  return html`<section aria-labelledby="provenance-title">${title}${content}</section>`;
}
