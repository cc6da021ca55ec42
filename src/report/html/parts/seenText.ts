import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { signalText } from '../../../verdict/model/expectationText.js';
import type { Words } from '../words/english.js';

/** What was seen in the measured phase, in a few words: `close-blocked, ICMP 3/10 (host-prohibited) from director`. */
export function seenText({ verdict }: ScenarioResult, words: Words): string {
  const measured = verdict?.measured;
  if (measured === undefined) return words.nothingSeen;
  const { outcome, signal, numbers } = measured;
  if (outcome === undefined) return words.noOutcome;
  const count = numbers.fates[outcome] ?? 0;
  const share = count === numbers.connections ? '' : ` (${String(count)}/${String(numbers.connections)})`;
  const flows = numbers.flows?.outcome;
  const ofFlows =
    flows === undefined || flows === outcome ? '' : `; ${words.flowsWere} ${words.outcomes[flows]}`;
  const sign = signal.kind === 'silence' ? '' : `, ${signalText(signal)}`;
  return `${words.outcomes[outcome]}${share}${sign}${ofFlows}`;
}
