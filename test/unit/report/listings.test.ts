import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../src/report/colour.js';
import { jobListDocument, jobListText } from '../../../src/report/jobList.js';
import { scenarioDocument, scenarioTable } from '../../../src/report/scenarioList.js';
import { jobsOf } from '../../../src/run/jobs.js';
import { plainScenario, richScenario } from './scenarios.js';

describe('the list of scenarios', () => {
  it('has id, title, tags and expectation', () => {
    expect(scenarioTable([plainScenario], noPaint)).toBe(
      [
        '  scenario       title       tags         expected',
        '  close/example  An example  close repro  healthy',
      ].join('\n'),
    );
  });

  it('has why, kernels, links and a summary of the topology as data', () => {
    expect(scenarioDocument(richScenario)).toMatchObject({
      id: 'sysctl/rich-example',
      tags: ['sysctl'],
      why: richScenario.why,
      measuredOn: ['6.1.0-56-amd64', '6.12.57'],
      links: ['https://example.org/report'],
      topology: expect.stringMatching(/^tunnelling \(TUN\), IPv6, /) as unknown,
    });
  });
});

describe('the list of jobs', () => {
  const jobs = jobsOf([plainScenario], 2);

  it('has them in order, and how many there are', () => {
    expect(jobListText({ jobs, mutated: false, seed: undefined }, noPaint)).toBe(
      [
        '  scenario         title       expected',
        '  close/example    An example  healthy',
        '  close/example#2  An example  healthy',
        '',
        '2 jobs',
        '',
      ].join('\n'),
    );
  });

  it('says what they are made of', () => {
    const text = jobListText({ jobs, mutated: true, seed: 'x1' }, noPaint);
    expect(text).toContain('mutations: `fail` is hoped for\n');
    expect(text).toContain('order shuffled with the seed x1');
  });

  it('is data too', () => {
    expect(jobListDocument({ jobs, mutated: false, seed: 'x1' })).toMatchObject({
      schema: 1,
      mutated: false,
      seed: 'x1',
      jobs: [
        { job: 'close/example', id: 'close/example', repeat: 1 },
        { job: 'close/example#2', id: 'close/example', repeat: 2 },
      ],
    });
    expect(jobListDocument({ jobs, mutated: false, seed: undefined })).not.toHaveProperty('seed');
  });
});
