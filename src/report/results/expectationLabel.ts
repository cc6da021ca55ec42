import { isHealthy as isHealthyOutcome } from '../../contracts/words/outcomes.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { PhaseFinding, Verdict } from '../../verdict/model/verdict.js';
import type { Paint } from '../text/colour.js';

/**
 * What a verdict says about the bug, because PASS alone does not tell: `bug seen, as expected`, `healthy, expected the bug`. Undefined when
 * nothing was decided.
 */
export function expectationLabel({ verdict }: ScenarioResult): string | undefined {
  if (verdict === undefined || verdict.result === 'inconclusive' || verdict.measured === undefined) {
    return undefined;
  }
  const healthy = isHealthy(verdict.measured);
  const seen = healthy ? 'healthy' : 'bug seen';
  if (verdict.result === 'pass') return `${seen}, as expected`;
  if (healthy !== isHealthyExpected(verdict)) return `${seen}, expected ${healthy ? 'the bug' : 'healthy'}`;
  return `${seen}, but not as expected`;
}

/** The same text in colour: unexpected in red, the bug in yellow, healthy in green. */
export function paintedExpectationLabel(result: ScenarioResult, paint: Paint): string | undefined {
  const text = expectationLabel(result);
  if (text === undefined) return undefined;
  if (result.verdict?.result === 'fail') return paint.red(text);
  return text.startsWith('healthy') ? paint.green(text) : paint.yellow(text);
}

function isHealthy({ outcome, numbers: { flows } }: PhaseFinding): boolean {
  return isHealthyOutcome(outcome) && (flows === undefined || isHealthyOutcome(flows.outcome));
}

function isHealthyExpected({ expected: { outcome, flows } }: Verdict): boolean {
  return isHealthyOutcome(outcome) && isHealthyOutcome(flows?.outcome ?? outcome);
}
