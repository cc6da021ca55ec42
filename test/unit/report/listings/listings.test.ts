import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { jobListDocument, jobListText } from '../../../../src/report/listings/jobList.js';
import { scenarioDocument, scenarioTable } from '../../../../src/report/listings/scenarioList.js';
import type { Cell } from '../../../../src/run/model/cell.js';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import { plainScenario, richScenario } from '../scenarios.js';

const flowsOf = (count: number) => ({ count }) as Flows;

describe('the list of scenarios', () => {
  it('has id, title, tags and expectation', () => {
    expect(scenarioTable([plainScenario], noPaint)).toBe(
      [
        '  scenario       title       tags         expected',
        '  close/example  An example  close repro  healthy',
      ].join('\n'),
    );
  });

  it('has how long each takes, where that is known of any', () => {
    const timed = { ...plainScenario, seconds: 12 };
    expect(scenarioTable([timed, plainScenario], noPaint).split('\n')).toEqual([
      '  scenario       title       tags         takes  expected',
      '  close/example  An example  close repro  10 s   healthy',
      '  close/example  An example  close repro         healthy',
    ]);
    expect(scenarioDocument(timed)).toMatchObject({ seconds: 12 });
    expect(scenarioDocument(plainScenario)).not.toHaveProperty('seconds');
  });

  it('has why, kernels, links and a summary of the topology as data', () => {
    expect(scenarioDocument(richScenario)).toMatchObject({
      id: 'sysctl/rich-example',
      tags: ['sysctl'],
      why: richScenario.why,
      measuredOn: ['6.1.0-56-amd64', '6.12.57'],
      links: ['https://example.org/report', 'https://example.org/other'],
      topology: expect.stringMatching(/^tunnelling \(TUN\), IPv6, /) as unknown,
    });
  });
});

describe('the list of jobs', () => {
  const cell: Cell = { kernel: undefined, image: undefined, iptables: undefined };
  const jobs = jobsOf([plainScenario], 2).map((job) => ({ ...job, cell }));

  it('has them in order, and how many there are', () => {
    expect(jobListText({ jobs, mutated: false, seed: undefined, leftOut: [], ownFlavour: [] }, noPaint)).toBe(
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
    const text = jobListText({ jobs, mutated: true, seed: 'x1', leftOut: [], ownFlavour: [] }, noPaint);
    expect(text).toContain('mutations: `fail` is hoped for\n');
    expect(text).toContain('order shuffled with the seed x1');
  });

  it('marks those with raw-socket load, and names those left out', () => {
    const left = { why: 'takes-minutes', scenarios: ['load/x'] } as const;
    const [load] = jobsOf([{ ...richScenario, id: 'load/story', flows: flowsOf(40_000) }], 1);
    const job = { ...load!, cell };
    const text = jobListText(
      { jobs: [...jobs, job], mutated: false, seed: undefined, leftOut: [left], ownFlavour: [] },
      noPaint,
    );
    expect(text).toMatch(/^ {2}scenario +title +raw flows +expected$/m);
    expect(text).toMatch(/^ {2}load\/story +.* 40000 /m);
    expect(text).toContain('1 scenario with raw-socket load left out');
    expect(text).toMatch(/: load\/x\n$/);
    const data = jobListDocument({
      jobs: [job],
      mutated: false,
      seed: undefined,
      leftOut: [left],
      ownFlavour: [],
    });
    expect(data).toMatchObject({ leftOut: ['load/x'], jobs: [{ id: 'load/story', flows: 40_000 }] });
  });

  it('says on what each runs where there is a choice, and whose flavour of iptables is its own', () => {
    const places = ['debian:bookworm', 'debian:sid'].map((kernel) => ({ ...cell, kernel }));
    const all = places.flatMap((place) => jobs.map((job) => ({ ...job, cell: place })));
    const told = { jobs: all, mutated: false, seed: undefined, leftOut: [], ownFlavour: ['cures/legacy'] };
    const text = jobListText(told, noPaint);
    expect(text).toMatch(/^ {2}kernel debian:sid +close\/example#2 /m);
    expect(text).toContain(
      '1 scenario with a flavour of iptables of its own, run once and as the file says: cures/legacy\n',
    );
    expect(jobListDocument(told).jobs[3]).toMatchObject({
      job: 'close/example#2',
      cell: { kernel: 'debian:sid' },
    });
  });

  it('is data too', () => {
    expect(jobListDocument({ jobs, mutated: false, seed: 'x1', leftOut: [], ownFlavour: [] })).toMatchObject({
      schema: 1,
      mutated: false,
      seed: 'x1',
      jobs: [
        { job: 'close/example', id: 'close/example', repeat: 1 },
        { job: 'close/example#2', id: 'close/example', repeat: 2 },
      ],
    });
    expect(
      jobListDocument({ jobs, mutated: false, seed: undefined, leftOut: [], ownFlavour: [] }),
    ).not.toHaveProperty('seed');
  });
});
