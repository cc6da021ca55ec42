import type { Scenario } from '../model/types.js';

/** Which scenarios to take. Conditions left out let everything through; those given must all hold. */
export interface Selection {
  /** Has any of these tags; none given: any scenario. */
  readonly tags?: readonly string[];
  /** Matches the id, the title or a tag. */
  readonly grep?: RegExp | undefined;
}

/** The scenarios that a selection lets through, in their order. */
export function selectScenarios<T extends Pick<Scenario, 'id' | 'title' | 'tags'>>(
  scenarios: readonly T[],
  { tags = [], grep }: Selection,
): readonly T[] {
  return scenarios.filter(
    (scenario) =>
      (tags.length === 0 || tags.some((tag) => scenario.tags.includes(tag))) &&
      (grep === undefined ||
        [scenario.id, scenario.title, ...scenario.tags].some((text) => matches(grep, text))),
  );
}

/** A sticky or global expression remembers where it stopped; each text is to be searched from its start. */
function matches(expression: RegExp, text: string): boolean {
  expression.lastIndex = 0;
  return expression.test(text);
}
