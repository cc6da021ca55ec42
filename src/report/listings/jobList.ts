import type { Cell } from '../../run/model/cell.js';
import type { SkippedScenarios } from '../../run/model/labEvents.js';
import type { Job } from '../../run/model/jobs.js';
import { formatExpectation } from '../../verdict/model/format.js';
import { cellText } from '../results/cellText.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/format.js';
import { leftOutText } from '../words/leftOut.js';
import { ownFlavourText } from '../words/ownFlavour.js';
import { seedText } from '../words/seedText.js';
import { table } from '../text/table.js';
import { fitText } from '../text/wrap.js';

/** The jobs that `run --list` shows, and remarks on them. */
interface ListedJobs {
  readonly jobs: readonly (Job & { readonly cell: Cell })[];
  readonly mutated: boolean;
  readonly seed: string | undefined;
  readonly leftOut: readonly SkippedScenarios[];
  /** Ids of scenarios that `--iptables` does not change. */
  readonly ownFlavour: readonly string[];
}

/** The jobs that would run, in order, for people. */
export function jobListText({ jobs, mutated, seed, leftOut, ownFlavour }: ListedJobs, paint: Paint): string {
  const anyFlows = jobs.some(({ scenario }) => scenario.flows !== undefined);
  const anyCells = jobs.some(({ cell }) => cellText(cell) !== '');
  const rows = jobs.map(({ name, cell, scenario: { title, flows, expect } }) => [
    ...(anyCells ? [cellText(cell)] : []),
    name,
    title,
    ...(anyFlows ? [String(flows?.count ?? '')] : []),
    formatExpectation(expect),
  ]);
  const columns = [
    ...(anyCells ? ['cell'] : []),
    'scenario',
    'title',
    ...(anyFlows ? ['raw flows'] : []),
    'expected',
  ];
  const notes = [
    countText(jobs.length, 'job'),
    ...(mutated ? ['mutations: `fail` is hoped for'] : []),
    ...(seed === undefined ? [] : [seedText(seed)]),
    ...leftOut.map(leftOutText),
    ...(ownFlavour.length === 0 ? [] : [ownFlavourText(ownFlavour)]),
  ];
  return `${table(columns, rows, paint)}\n\n${fitText(notes.join('\n'), paint.columns)}\n`;
}

/** The jobs that would run, in order, as data. */
export function jobListDocument({ jobs, mutated, seed, leftOut, ownFlavour }: ListedJobs) {
  return {
    schema: 1,
    mutated,
    ...(seed === undefined ? {} : { seed }),
    leftOut: leftOut.flatMap(({ scenarios }) => scenarios),
    ownFlavour,
    jobs: jobs.map(({ name, repeat, cell, scenario: { id, title, tags, expect, flows, file } }) => ({
      job: name,
      id,
      repeat,
      cell,
      title,
      tags,
      expect,
      ...(flows === undefined ? {} : { flows: flows.count }),
      file,
    })),
  };
}
