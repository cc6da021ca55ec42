import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Services } from '../../../src/cli/frame/services.js';
import type { ResultDocument } from '../../../src/report/document/documentSchema.js';
import { seal } from '../../../src/run/recording/seal.js';
import { documentDigest } from '../../../src/report/document/documentDigest.js';
import { fakeServices, lvsLab, scenarioFiles, type Calls } from './harness.js';

/** Services whose children are this program again, in this process, with the same services. */
export function nested(services: Services = fakeServices(), calls: Calls = []): Services {
  return {
    ...services,
    runChild: async ({ argv, line, signal }) => {
      calls.push(argv.join(' '));
      const { code, err } = await lvsLab(argv, services, { signal });
      for (const text of err.split('\n')) line(text);
      return { exitCode: code, signal: undefined, wasForced: false };
    },
  };
}

/** The same services, whose jobs with a verdict leave evidence: it is as it was recorded, and says nothing. */
export function leavingEvidence(services: Services): Services {
  return {
    ...services,
    runScenarios: async (request) => {
      const results = await services.runScenarios(request);
      for (const { directory, verdict } of results) if (verdict !== undefined) await leaveEvidence(directory);
      return results;
    },
  };
}

/** Writes a job's folder with evidence that is as it was recorded, and says nothing. */
export async function leaveEvidence(directory: string): Promise<void> {
  mkdirSync(join(directory, 'measured'), { recursive: true });
  for (const name of ['plan.json', 'measured/load.json']) writeFileSync(join(directory, name), '{}');
  await seal(directory, 'plan');
  await seal(directory, 'measured');
}

export function documentIn(...parts: readonly string[]): ResultDocument {
  return JSON.parse(readFileSync(join(...parts, 'results.json'), 'utf8')) as ResultDocument;
}

/** Changes results as whoever recorded them could have written them. */
export function rewriteDocument(directory: string, change: (document: ResultDocument) => object): void {
  const changed = change(documentIn(directory));
  writeFileSync(
    join(directory, 'results.json'),
    JSON.stringify({ ...changed, sha256: documentDigest(changed) }),
  );
}

/** What two ways to come to the same results have in common: no run id, no directories, no times. */
export function essence({ scenarios, exitCode, mutated, error }: ResultDocument) {
  const entries = scenarios.map(({ directory: _directory, seconds: _seconds, ...entry }) => entry);
  return { scenarios: entries, exitCode, mutated, error };
}

/** Paths of four scenarios. */
export function fourScenarios(directory: string): string[] {
  return scenarioFiles(
    directory,
    ['t/b', 't/a', 't/d', 't/c'].map((id) => ({ id })),
  );
}
