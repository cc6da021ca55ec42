import { count } from './format.js';

/** Says which scenarios with raw-socket load do not run because nobody asked for them. */
export function leftOutText(scenarios: readonly string[]): string {
  return `${count(scenarios.length, 'scenario')} with raw-socket load left out, which run for minutes; name them to run them: ${scenarios.join(' ')}`;
}
