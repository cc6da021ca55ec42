import type { Job } from '../run/jobs.js';
import { formatExpectation } from '../verdict/naming.js';
import type { Paint } from './colour.js';
import { count } from './format.js';
import { seedText } from './seed.js';
import { table } from './table.js';

/** What `run --list` shows. */
interface ListedJobs {
  readonly jobs: readonly Job[];
  readonly mutated: boolean;
  readonly seed: string | undefined;
}

/** What would run, in order, for people. */
export function jobListText({ jobs, mutated, seed }: ListedJobs, paint: Paint): string {
  const rows = jobs.map(({ name, scenario }) => [name, scenario.title, formatExpectation(scenario.expect)]);
  const notes = [
    count(jobs.length, 'job'),
    ...(mutated ? ['mutations: `fail` is hoped for'] : []),
    ...(seed === undefined ? [] : [seedText(seed)]),
  ];
  return `${table(['scenario', 'title', 'expected'], rows, paint)}\n\n${notes.join('\n')}\n`;
}

/** What would run, in order, as data. */
export function jobListDocument({ jobs, mutated, seed }: ListedJobs) {
  return {
    schema: 1,
    mutated,
    ...(seed === undefined ? {} : { seed }),
    jobs: jobs.map(({ name, repeat, scenario: { id, title, tags, expect, file } }) => ({
      job: name,
      id,
      repeat,
      title,
      tags,
      expect,
      file,
    })),
  };
}
