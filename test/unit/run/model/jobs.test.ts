import { describe, expect, it } from 'vitest';
import { jobDirectory, jobName, jobsOf } from '../../../../src/run/model/jobs.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { plainScenario } from '../../report/scenarios.js';

const scenarios = ['close/one', 'close/two'].map((id) => ({ id }) as Scenario);

describe('jobsOf', () => {
  it('runs every scenario once before any is run again', () => {
    expect(jobsOf(scenarios, 2).map(({ name, repeat }) => [name, repeat])).toEqual([
      ['close/one', 1],
      ['close/two', 1],
      ['close/one#2', 2],
      ['close/two#2', 2],
    ]);
  });
});

describe('jobs with flavours of iptables', () => {
  const legacy = { ...plainScenario.roles.director, iptables: 'legacy' as const };
  const own: Scenario = {
    ...plainScenario,
    id: 'cures/own',
    roles: { ...plainScenario.roles, director: legacy },
  };

  it('are all of one flavour before the next, and named by it', () => {
    const jobs = jobsOf([plainScenario], 2, ['nft', 'legacy']);
    expect(jobs.map(({ name, repeat, iptables }) => [name, repeat, iptables])).toEqual([
      ['close/example@nft', 1, 'nft'],
      ['close/example@nft#2', 2, 'nft'],
      ['close/example@legacy', 1, 'legacy'],
      ['close/example@legacy#2', 2, 'legacy'],
    ]);
    expect(jobs.map(({ scenario }) => scenario.roles.director.iptables)).toEqual([
      'nft',
      'nft',
      'legacy',
      'legacy',
    ]);
  });

  it('are one for a scenario that is about a flavour, as its file says', () => {
    const jobs = jobsOf([own, plainScenario], 1, ['nft', 'legacy']);
    expect(jobs.map(({ name }) => name)).toEqual(['cures/own', 'close/example@nft', 'close/example@legacy']);
    expect(jobs[0]).toMatchObject({ scenario: own, iptables: undefined });
  });

  it('are as the file says where no flavour is asked for', () => {
    expect(jobsOf([plainScenario, own], 1).map(({ name, iptables }) => [name, iptables])).toEqual([
      ['close/example', undefined],
      ['cures/own', undefined],
    ]);
  });
});

describe('jobDirectory', () => {
  it('is a folder of its own for each job', () => {
    const folders = jobsOf(scenarios, 3).map(({ name }) => jobDirectory('/runs/x', name));
    expect(folders[0]).toBe('/runs/x/close-one');
    expect(folders[5]).toBe('/runs/x/close-two.3');
    expect(new Set(folders).size).toBe(6);
    expect(jobDirectory('/runs/x', jobName('close/one', 2, 'legacy'))).toBe('/runs/x/close-one@legacy.2');
  });
});
