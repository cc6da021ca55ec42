import type { Outcome } from '../../contracts/words/outcomes.js';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import { jobName } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { judge } from '../../verdict/judge.js';
import { hasPlan, withoutPlan } from './jobFolder.js';
import { flavourOf, readRecordedExpectation, repeatOf } from './recordedScenarios.js';

/** Judges one scenario's evidence. When the evidence cannot be read, the result has no verdict, and the other scenarios are still judged. */
export async function judgeAgain(directory: string, expect?: Outcome): Promise<ScenarioResult> {
  const start = performance.now();
  const repeat = repeatOf(directory);
  const seconds = () => (performance.now() - start) / 1000;
  try {
    if (!(await hasPlan(directory))) throw await withoutPlan(directory);
    const expectation =
      expect === undefined
        ? await readRecordedExpectation(directory)
        : { outcome: expect, signal: undefined };
    const evidence = await readScenarioEvidence(directory);
    const verdict = judge(expectation, evidence);
    const job = jobName(verdict.scenario, repeat, flavourOf(directory));
    return { scenario: verdict.scenario, job, repeat, directory, seconds: seconds(), verdict };
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    return { scenario: directory, job: directory, repeat, directory, seconds: seconds(), error: reason };
  }
}
