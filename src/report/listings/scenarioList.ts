import type { Scenario } from '../../scenario/model/scenario.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { Paint } from '../text/colour.js';
import { topologyText } from '../phrases/scenarioParts.js';
import { table } from '../text/table.js';

/** A table of scenarios for people, one per line. */
export function scenarioTable(scenarios: readonly Scenario[], paint: Paint): string {
  const rows = scenarios.map(({ id, title, tags, expect }) => [
    id,
    title,
    tags.join(' '),
    expectationText(expect),
  ]);
  return table(['scenario', 'title', 'tags', 'expected'], rows, paint);
}

/** A scenario as `list --json` prints it; `topology` is a summary in words. */
export function scenarioDocument({
  id,
  title,
  why,
  tags,
  expect,
  measuredOn,
  links,
  topology,
  file,
}: Scenario) {
  return { id, title, why, tags, expect, measuredOn, links, topology: topologyText(topology), file };
}
