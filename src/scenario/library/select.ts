import type { Scenario } from '../model/scenario.js';

/** Conditions on scenarios. One that is left out accepts every scenario; all given ones must hold. */
export interface Selection {
  /** The scenario must have one of these tags; none given: any scenario. */
  readonly tags?: readonly string[];
  /** The scenario's id, title or a tag must match. */
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

/** Whether a text matches. A sticky or global expression remembers where it stopped, so each search starts anew. */
function matches(expression: RegExp, text: string): boolean {
  expression.lastIndex = 0;
  return expression.test(text);
}
