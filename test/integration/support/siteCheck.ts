import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { shownOutcome } from '../../../src/prediction/model/shownOutcome.js';
import {
  type CheckDocument,
  checkDocumentSchema,
} from '../../../src/report/check/document/predictionDocument.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { serviceName, siteAnswer } from '../../unit/prediction/siteAnswers.js';
import { cli } from './commandLine.js';
import { temporaryFolder } from './run.js';

/** What `check --json` printed, and how it ended. */
export type Checked = CheckDocument & { readonly code: number };

/** Runs `check` in the lab's own VM. */
export async function checked(argv: readonly string[]): Promise<Checked> {
  const { exitCode, stdout, stderr } = await cli(
    ['check', ...argv, '--engine', 'vm', '--json'],
    {},
    await temporaryFolder(),
  );
  expect(stdout, stderr).toContain('"schemaVersion"');
  return { ...checkDocumentSchema.parse(JSON.parse(stdout)), code: exitCode };
}

/** Writes files into a new folder, and names that. */
export async function folderWith(files: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, lines] of Object.entries(files))
    await writeFile(path.join(folder, name), `${lines.join('\n')}\n`);
  return folder;
}

/** Runs a site of the fixtures. */
export function checkedSite(name: string): Promise<Checked> {
  const { in: clientSide } = siteAnswer(name);
  const folder = path.join(packageRoot, 'test/fixtures/sites', name);
  return checked([folder, ...(clientSide === undefined ? [] : ['--in', clientSide])]);
}

/**
 * Holds what the lab showed of a site against its right answer: each service comes to it, no way of using one disagrees with what the rules
 * read, and the best cure is proven. Where rules count packets the lab may show more than is certain.
 */
export function expectAsAnswered(name: string, { services, cures }: Checked): void {
  const answers = siteAnswer(name).services;
  expect(services).toHaveLength(Object.keys(answers).length);
  for (const { service, outcome, proof, because } of services) {
    const answer = answers[serviceName(service)];
    if (answer === undefined) throw new Error(`the answer has no ${serviceName(service)}`);
    expect(proof?.faults, serviceName(service)).toEqual([]);
    expect(proof?.trials.flatMap(({ doubts }) => doubts)).toEqual([]);
    if (because.length === 0) expect(outcome).toBe(shownOutcome(service.protocol, answer.outcome));
  }
  const isRunnable = cures.length > 0 && services.every(({ because }) => because.length === 0);
  if (isRunnable) expect(cures[0]).toMatchObject({ way: 'proven in the lab', proof: { because: [] } });
}
