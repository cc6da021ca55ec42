import type { Cell } from '../../run/model/cell.js';
import type { Estimate, SkippedScenarios } from '../../run/model/labEvents.js';
import type { Job } from '../../run/model/jobs.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import { cellText } from '../results/cellText.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import { aboutText } from '../phrases/estimateText.js';
import { skippedText } from '../phrases/skippedText.js';
import { fixedFlavourText } from '../phrases/fixedFlavourText.js';
import { seedText } from '../phrases/seedText.js';
import { table } from '../text/textTable.js';
import { fitText } from '../text/wrap.js';

/** The jobs that `run --list` shows, and remarks on them. */
interface ListedJobs {
  readonly jobs: readonly (Job & { readonly cell: Cell })[];
  readonly mutated: boolean;
  readonly seed: string | undefined;
  readonly leftOut: readonly SkippedScenarios[];
  /** Ids of scenarios that `--iptables` does not change. */
  readonly ownFlavour: readonly string[];
  /** undefined: there is nothing to run. */
  readonly estimate?: Estimate | undefined;
}

/** The jobs that would run, in order, for people. */
export function jobListText(
  { jobs, mutated, seed, leftOut, ownFlavour, estimate }: ListedJobs,
  paint: Paint,
): string {
  const anyFlows = jobs.some(({ scenario }) => scenario.flows !== undefined);
  const anyCells = jobs.some(({ cell }) => cellText(cell) !== '');
  const rows = jobs.map(({ name, cell, scenario: { title, flows, expect } }) => [
    ...(anyCells ? [cellText(cell)] : []),
    name,
    title,
    ...(anyFlows ? [String(flows?.count ?? '')] : []),
    expectationText(expect),
  ]);
  const columns = [
    ...(anyCells ? ['cell'] : []),
    'scenario',
    'title',
    ...(anyFlows ? ['raw flows'] : []),
    'expected',
  ];
  const notes = [
    `${countText(jobs.length, 'job')}${estimate?.seconds === undefined ? '' : `, about ${aboutText(estimate.seconds)}`}`,
    ...(mutated ? ['mutations: `fail` is hoped for'] : []),
    ...(seed === undefined ? [] : [seedText(seed)]),
    ...leftOut.map(skippedText),
    ...(ownFlavour.length === 0 ? [] : [fixedFlavourText(ownFlavour)]),
  ];
  return `${table(columns, rows, paint)}\n\n${fitText(notes.join('\n'), paint.columns)}\n`;
}

/** The jobs that would run, in order, as data. */
export function jobListDocument({ jobs, mutated, seed, leftOut, ownFlavour, estimate }: ListedJobs) {
  return {
    schema: 1,
    mutated,
    ...(seed === undefined ? {} : { seed }),
    leftOut: leftOut.flatMap(({ scenarios }) => scenarios),
    ownFlavour,
    ...(estimate?.seconds === undefined ? {} : { seconds: estimate.seconds }),
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
