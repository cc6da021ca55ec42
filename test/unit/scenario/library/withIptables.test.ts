import { describe, expect, it } from 'vitest';
import { isAboutFlavour, withIptables } from '../../../../src/scenario/library/withIptables.js';
import type { Scenario, ScenarioEvent } from '../../../../src/scenario/model/scenario.js';
import { plainScenario } from '../../report/scenarios.js';

const rules = {
  ipset: undefined,
  rules: undefined,
  rules6: undefined,
  nftables: 'table ip x {}',
  commands: [],
};
const loading = (iptables: 'nft' | 'legacy'): ScenarioEvent => ({
  at: 'connected',
  node: 'director',
  action: { kind: 'rules', rules, iptables },
});
const flushing: ScenarioEvent = { at: 3, node: 'director', action: { kind: 'run', command: 'conntrack -F' } };

describe('a scenario with another flavour of iptables', () => {
  const scenario: Scenario = { ...plainScenario, events: [loading('nft'), flushing] };
  const legacy = withIptables(scenario, 'legacy');

  it('has it in every role and every event', () => {
    expect(Object.values(legacy.roles).map(({ iptables }) => iptables)).toEqual(Array(4).fill('legacy'));
    expect(legacy.events).toEqual([loading('legacy'), flushing]);
  });

  it('is the same in all else, rules of nftables included', () => {
    const back = withIptables(legacy, 'nft');
    expect(back).toEqual(scenario);
    expect(withIptables(scenario, 'nft')).toEqual(scenario);
  });
});

describe('a scenario that is about a flavour', () => {
  const { roles } = plainScenario;

  it.each<[string, Scenario, boolean]>([
    ['nobody says anything', plainScenario, false],
    [
      'a role is legacy',
      { ...plainScenario, roles: { ...roles, client: { ...roles.client, iptables: 'legacy' } } },
      true,
    ],
    ['an event is legacy', { ...plainScenario, events: [loading('legacy')] }, true],
    ['an event is nft, as all else', { ...plainScenario, events: [loading('nft'), flushing] }, false],
  ])('is known: %s', (_, scenario, isAbout) => {
    expect(isAboutFlavour(scenario)).toBe(isAbout);
  });
});
