import { ruleTextKeys } from '../../../src/contracts/words/rules.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';

/**
 * A few scenarios that have between them what all of them have (`featuresOf`): always the one with most of what is still missing, and of equals
 * the first. The rest differ from these only in how the same things are put together; `npm run stress -- library` runs all.
 */
export function sampleOf(scenarios: readonly Scenario[]): Scenario[] {
  const features = new Map(scenarios.map((scenario) => [scenario, featuresOf(scenario)]));
  const missing = new Set([...features.values()].flatMap((found) => [...found]));
  const missingOf = (scenario: Scenario): number =>
    [...(features.get(scenario) ?? [])].filter((feature) => missing.has(feature)).length;
  const sample: Scenario[] = [];
  while (missing.size > 0) {
    const best = scenarios.reduce((a, b) => (missingOf(b) > missingOf(a) ? b : a));
    sample.push(best);
    for (const feature of features.get(best) ?? []) missing.delete(feature);
  }
  return sample;
}

/**
 * What a scenario has, in words that others may share: each key that its file can leave out, each choice among names, the outcome by the way of
 * forwarding, the rules by role and flavour, its tags. Numbers, addresses and texts are not told apart.
 */
export function featuresOf({
  topology,
  load,
  flows,
  expect,
  events,
  roles,
  start,
  tags,
}: Scenario): Set<string> {
  const { forwarding, family, network, replies, directors, sync, localRealserver, services, links } =
    topology;
  return new Set([
    `${forwarding} ${expect.outcome}`,
    `${forwarding} ${family}`,
    `network ${network}, replies ${replies}, ${String(directors)} directors, sync ${String(sync)}`,
    `start ${start}`,
    ...keysOf({ localRealserver, links }, 'topology'),
    ...keysOf({ devices: topology.devices !== undefined, sides: topology.sides !== undefined }, 'topology'),
    ...services.flatMap((service) => keysOf(service, 'service')),
    ...keysOf(load, 'load'),
    ...keysOf(flows, 'flows'),
    ...keysOf(expect, 'expect'),
    ...events.flatMap(({ at, action }) => [
      `event ${action.kind}`,
      `at ${typeof at === 'number' ? 'a time' : at}`,
    ]),
    ...Object.entries(roles).flatMap(([role, settings]) => [
      ...ruleTextKeys.filter((key) => settings[key]).map((key) => `${role} ${settings.iptables} ${key}`),
      ...(settings.commands.length > 0 ? [`${role} commands`] : []),
      ...Object.keys(settings.sysctls).map((name) => `sysctl ${name}`),
    ]),
    ...tags.map((tag) => `tag ${tag}`),
  ]);
}

/** The keys of an object and of those in it, such as `load.close.first`; where the value is a name, with it. */
function keysOf(value: unknown, place: string): string[] {
  if (value === undefined || value === false) return [];
  if (typeof value === 'string') return [/^[a-z][a-z-]*$/.test(value) ? `${place}=${value}` : place];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [place];
  return [place, ...Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${place}.${key}`))];
}
