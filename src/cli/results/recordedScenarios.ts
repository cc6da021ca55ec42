import { type IptablesFlavour, iptablesFlavours } from '../../contracts/words/nodes.js';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { recordedExpectationSchema, type Expectation } from '../../scenario/model/expectation.js';
import { planSchema } from '../../evidence/model/recordedPlan.js';
import { EvidenceError } from '../../evidence/text/error.js';
import { UsageError, messageOf } from '../../support/errors.js';
import { filterAsync } from '../../support/filterAsync.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { askedFile } from '../../matrix/targets/askedRecord.js';
import { largestDocument } from './largestDocument.js';
import { evidenceIn, isJobFolder, planFile } from './jobFolder.js';
import { resultsFile } from './resultsFile.js';

/** The folders with a scenario's evidence: `directory` itself, otherwise those below it, sorted by scenario. Throws UsageError when there is none. */
export async function findScenarioDirectories(directory: string): Promise<readonly string[]> {
  if ((await evidenceIn(directory)).length > 0) return [directory];
  const below = (await entriesOf(directory)).sort(byScenarioThenRepeat).map((name) => join(directory, name));
  const found = await filterAsync(below, isJobFolder);
  const withEvidence = await filterAsync(found, async (each) => (await evidenceIn(each)).length > 0);
  // Folders with nothing but scenarios are somebody's own.
  if (withEvidence.length > 0) return found;
  throw new UsageError(
    `expected a run's directory, found no scenario's evidence (a folder with ${planFile}, or another file of a run) in ${directory}`,
    {
      hint: 'name the folder that `lvs-lab run` printed as evidence, or that it was told with --out',
    },
  );
}

/** The directories that `merge` has put into one, each of them of a run or of a `merge`, sorted by name; empty when it was no `merge` that made it. */
export async function mergedParts(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((): string[] => []);
  if (!names.includes(resultsFile)) return [];
  const parts: string[] = [];
  for (const name of names.sort()) {
    const part = join(directory, name);
    const below = await readdir(part).catch((): string[] => []);
    if (below.includes(askedFile) || below.includes(resultsFile)) parts.push(part);
  }
  return parts;
}

/** Which repetition of the scenario a job's folder holds: 2 for `close-server-first.2`. Ids have no dot. */
export function repeatOf(directory: string): number {
  return Number(/\.(\d+)$/.exec(basename(directory))?.[1] ?? 1);
}

/** The iptables flavour that a job was asked for, by its folder's name: `legacy` for `close-server-first@legacy.2`; undefined: none was. */
export function flavourOf(directory: string): IptablesFlavour | undefined {
  return iptablesFlavours.find((flavour) =>
    basename(directory)
      .replace(/\.\d+$/, '')
      .endsWith(`@${flavour}`),
  );
}

/** Sorts folders by name, with numbers as people count: the tenth repetition comes after the second. */
function byScenarioThenRepeat(one: string, other: string): number {
  const names = [one, other].map((name) => name.replace(/\.\d+$/, '')) as [string, string];
  return names[0] < names[1] ? -1 : names[0] > names[1] ? 1 : repeatOf(one) - repeatOf(other);
}

/**
 * Reads what the run expected of a scenario, including `--expect`, from plan.json, which is part of the evidence as verdict.json is not.
 * Throws EvidenceError when plan.json does not tell.
 */
export async function readRecordedExpectation(directory: string): Promise<Expectation> {
  const file = join(directory, planFile);
  const found = await readJson(file);
  const parsed = recordedExpectationSchema.safeParse(found);
  if (parsed.success) return parsed.data.expect;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  const isPlanElse = planSchema.safeParse(found).success;
  throw new EvidenceError(
    `expected ${file} to say what the run expected, found at ${where === '' ? 'the top level' : where}: ${issue?.message ?? ''}`,
    { hint: isPlanElse ? 'say it with --expect OUTCOME' : restore },
  );
}

/** What to do where plan.json tells nothing at all: `--expect` would not help, for it also says which scenario it was. */
const restore = `get ${planFile} from where the run was made, or run the scenario again`;

async function readJson(file: string): Promise<unknown> {
  const hint = restore;
  const text = await readRegularText(file, largestDocument).catch((cause: unknown) => {
    throw new EvidenceError(
      `expected ${file} to say what the run expected, found that it cannot be read: ${messageOf(cause)}`,
      { cause, hint },
    );
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError(`expected JSON in ${file}, found something else`, { cause, hint });
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw new UsageError(
      `expected a run's directory, found ${isFile ? `a file: ${directory}` : `that ${directory} cannot be read: ${messageOf(cause)}`}`,
      {
        ...(isFile ? {} : { cause }),
        hint: 'name the folder that `lvs-lab run` printed as evidence, or that it was told with --out',
      },
    );
  }
}
