import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { evidenceProblems } from '../../evidence/directory/evidenceProblems.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { LabError } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import { judgeAgain } from './judgeAgain.js';
import { largestDocument } from './largestDocument.js';
import { hasPlan } from './jobFolder.js';

/**
 * A recorded result as its evidence bears it out. A verdict whose evidence is as it was recorded stays; where something of it is missing or
 * was changed, or where it had another verdict, the verdict is what `judge` comes to; and where there is none at all, there is no verdict
 * either.
 */
export async function withEvidence(result: ScenarioResult): Promise<ScenarioResult> {
  const { verdict, directory } = result;
  if (verdict === undefined || (await hasItsEvidence(directory, verdict))) return result;
  const { verdict: _verdict, ...job } = result;
  if (!(await hasPlan(directory))) return { ...job, error: noEvidence(directory, verdict.result) };
  const again = await judgeAgain(directory);
  return again.verdict === undefined
    ? { ...job, error: again.error ?? noEvidence(directory, verdict.result) }
    : { ...job, verdict: again.verdict };
}

/** Whether a folder has the evidence that a verdict came from, as it was recorded. */
export async function hasItsEvidence(directory: string, verdict: Verdict): Promise<boolean> {
  const problems = await evidenceProblems(directory, verdict.measured === undefined ? [] : ['measured']);
  return problems.length === 0 && isVerdictOf(directory, verdict);
}

/** Whether the verdict beside the evidence, if there is one, is this one: results may have come to the evidence of another run. */
async function isVerdictOf(directory: string, verdict: Verdict): Promise<boolean> {
  const text = await readRegularText(join(directory, 'verdict.json'), largestDocument).catch(() => undefined);
  if (text === undefined) return true;
  try {
    // What JSON leaves out is undefined in memory.
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(verdict)));
  } catch {
    return false;
  }
}

function noEvidence(directory: string, said: string): LabError {
  return new LabError(
    `evidence missing: expected that of the verdict ` +
      `\`${said}\` in ${directory}, found no plan.json there`,
    { hint: 'get the whole directory of the run from where it was made, and merge again' },
  );
}
