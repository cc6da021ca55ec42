import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { judgeAgain } from '../../../../src/cli/results/judgeAgain.js';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import type { PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import type { PhaseFinding } from '../../../../src/verdict/model/verdict.js';

/** The folder of a recorded run. */
export function recorded(name: string): string {
  return path.join(packageRoot, 'test', 'fixtures', 'runs', name);
}

/** A recorded run's measured phase, and what it came to. */
export async function measured(
  name: string,
): Promise<{ readonly phase: PhaseEvidence; readonly finding: PhaseFinding }> {
  const { measured: phase } = await readScenarioEvidence(recorded(name));
  if (phase === undefined) throw new Error(`${name} has no measured phase`);
  return { phase, finding: findingOf(phase) };
}

/** The result of a recorded run. */
export function judged(name: string): Promise<ScenarioResult> {
  return judgeAgain(recorded(name));
}

/** The details that are packed in a page, job by job, as the page's script unpacks them. */
export function detailsIn(page: string): readonly string[] {
  return [...page.matchAll(/<template class="packed">([^<]*)<\/template>/g)].map(
    ([, packed = '']) =>
      (JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString('utf8')) as { readonly html: string })
        .html,
  );
}

/** Markup without the line breaks that its templates have. */
export function compact(markup: string): string {
  return markup.replaceAll(/\s*\n\s*/g, '');
}
