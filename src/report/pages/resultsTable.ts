import path from 'node:path';
import type { Cell } from '../../run/model/cell.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { RecordedResults } from '../document/parseResults.js';
import { addedToolText } from '../phrases/addedToolText.js';
import { findingText } from '../results/findingText.js';
import { resultOf } from '../results/resultKind.js';

/** What a scenario came to in one run of it. */
export interface TableEntry {
  readonly words: string;
  /** Whether that is what the scenario expects. */
  readonly isExpected: boolean;
  /** The folder of its evidence, from that of the results. */
  readonly evidence: string;
}

/** What scenarios came to on one image. */
export interface ImageTable {
  readonly image: string;
  /** The system and the packages that matter for rules. */
  readonly made: string;
  /** A kernel and a flavour of iptables each. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly scenario: string;
    readonly expected: string;
    /** For each column, what came of the scenario there, every time that it ran. */
    readonly entries: readonly (readonly TableEntry[])[];
  }[];
}

/** Results side by side: by image, scenario, kernel and flavour of iptables. */
export interface ResultsTable {
  readonly summary: string;
  readonly images: readonly ImageTable[];
  readonly kernelColumns: readonly string[];
  readonly kernels: readonly (readonly string[])[];
}

/** Puts results side by side. */
export function resultsTable({
  results,
  engines,
  directory,
}: Omit<RecordedResults, 'document'>): ResultsTable {
  return {
    summary: summary(results),
    images: unique(results.map(({ cell }) => cell?.image)).map((image) => ({
      image: image ?? 'the default image',
      made: madeOf(engines.find((engine) => engine.image === image)),
      ...tableOf(
        results.filter(({ cell }) => cell?.image === image),
        directory,
      ),
    })),
    kernelColumns: ['`--kernel`', 'release', 'version', 'build id'],
    kernels: unique(engines.map(({ kernel }) => kernel)).map((kernel) => kernelRow(kernel, engines)),
  };
}

function summary(results: readonly ScenarioResult[]): string {
  const odd = results.filter(({ verdict }) => verdict?.result !== 'pass').length;
  return `${results.length} runs of ${unique(results.map(({ scenario }) => scenario)).length} scenarios, ${results.length - odd} of them with the outcome that the scenario's file expects.`;
}

/** The facts about an image that matter for rules. */
function madeOf(engine: EngineRecord | undefined): string {
  const director = engine?.provenance?.roles['director'];
  if (director === undefined) return 'Nothing is recorded of its packages.';
  const { system, packages, image } = director;
  const named = ['iptables', 'nftables', 'ipvsadm'].flatMap((name) =>
    packages[name] === undefined ? [] : [`${name} ${packages[name]}`],
  );
  // A program that was put into its place leaves the package's version as it was.
  return `${system}: ${[...named, ...(image?.tools ?? []).map(addedToolText)].join(', ')}.`;
}

function tableOf(
  results: readonly ScenarioResult[],
  directory: string,
): Pick<ImageTable, 'columns' | 'rows'> {
  const columns = unique(results.map(({ cell }) => columnOf(cell)));
  const rows = unique(results.map(({ scenario }) => scenario)).map((scenario) => {
    const ofScenario = results.filter((result) => result.scenario === scenario);
    const entries = columns.map((column) =>
      ofScenario
        .filter(({ cell }) => columnOf(cell) === column)
        .map((result) => entryOf(result, path.relative(directory, result.directory))),
    );
    return { scenario, expected: expected(ofScenario), entries };
  });
  return { columns, rows };
}

/** The column of a cell. A scenario about one flavour ran once per kernel and belongs to no flavour's column. */
function columnOf(cell: Cell | undefined): string {
  return `${cell?.kernel ?? 'default'}, ${cell?.iptables ?? 'as its file says'}`;
}

function expected(results: readonly ScenarioResult[]): string {
  const verdict = results.find((result) => result.verdict !== undefined)?.verdict;
  return verdict === undefined ? '' : expectationText(verdict.expected);
}

function entryOf(result: ScenarioResult, evidence: string): TableEntry {
  const { verdict } = result;
  if (verdict === undefined)
    return { words: resultOf(result).replace('-', ' '), isExpected: false, evidence };
  if (verdict.result === 'inconclusive') return { words: 'inconclusive', isExpected: false, evidence };
  return verdict.result === 'pass'
    ? { words: verdict.measured?.outcome ?? '', isExpected: true, evidence }
    : { words: findingText(verdict.measured), isExpected: false, evidence };
}

function kernelRow(kernel: string | undefined, engines: readonly EngineRecord[]): readonly string[] {
  const engine = engines.find((each) => each.kernel === kernel);
  const { version, buildId } = engine?.provenance?.kernel ?? {};
  return [kernel ?? 'default', engine?.identity.kernel ?? '', version ?? '', buildId ?? ''];
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
