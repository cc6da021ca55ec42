import type { Scenario } from '../../scenario/model/scenario.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { Paint } from '../text/colour.js';
import { aboutText } from '../phrases/estimateText.js';
import { topologyText } from '../phrases/scenarioParts.js';
import { table } from '../text/textTable.js';

/** A scenario, and the seconds it took on this machine; undefined: it has not been run here. */
type Listed = Scenario & { readonly seconds?: number | undefined };

/** A table of scenarios for people, one per line. How long each takes is in it where that is known of any. */
export function scenarioTable(scenarios: readonly Listed[], paint: Paint): string {
  const anyTimes = scenarios.some(({ seconds }) => seconds !== undefined);
  const rows = scenarios.map(({ id, title, tags, expect, seconds }) => [
    id,
    title,
    tags.join(' '),
    ...(anyTimes ? [seconds === undefined ? '' : aboutText(seconds)] : []),
    expectationText(expect),
  ]);
  return table(['scenario', 'title', 'tags', ...(anyTimes ? ['takes'] : []), 'expected'], rows, paint);
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
  seconds,
}: Listed) {
  return {
    id,
    title,
    why,
    tags,
    expect,
    measuredOn,
    links: links.map(({ url }) => url),
    topology: topologyText(topology),
    file,
    ...(seconds === undefined ? {} : { seconds }),
  };
}
