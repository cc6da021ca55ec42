import path from 'node:path';
import type { Cell } from '../../run/model/cell.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { RecordedResults } from '../document/parseResults.js';
import { findingText } from '../results/findingText.js';
import { resultOf } from '../results/resultKind.js';
import { markdownTable } from '../text/markdownTable.js';

/**
 * The text of `docs/compatibility.md`: what each scenario came to, by image, kernel and flavour of iptables. `file` names the results, to
 * which the page links.
 */
export function compatibilityPage(
  { results, engines, directory }: Omit<RecordedResults, 'document'>,
  file: string,
): string {
  const evidenceOf = (result: ScenarioResult) => path.relative(directory, result.directory);
  const images = unique(results.map(({ cell }) => cell?.image));
  const blocks = [
    '<!-- Written by `npm run docs` from compatibility/results.json. -->',
    '# Kernels and iptables, side by side',
    `${summary(results)} A cell names the outcome (see [own-rules.md](own-rules.md#outcomes)), and links to the results it is from; the link's title is the folder of its evidence in the run. A cell in bold is not what the scenario expects. \`lvs-lab compare docs/compatibility RUNDIR\` compares a run of yours with it.`,
    ...images.flatMap((image) => [
      `## ${image ?? 'the default image'}`,
      roleText(engines.find((engine) => engine.image === image)),
      table(
        results.filter(({ cell }) => cell?.image === image),
        (words, result) => `[${words}](${file} "${evidenceOf(result)}")`,
      ),
    ]),
    '## The kernels',
    markdownTable(
      ['`--kernel`', 'release', 'version', 'build id'],
      unique(engines.map(({ kernel }) => kernel)).map((kernel) => kernelRow(kernel, engines)),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function summary(results: readonly ScenarioResult[]): string {
  const odd = results.filter(({ verdict }) => verdict?.result !== 'pass').length;
  return `${results.length} runs of ${unique(results.map(({ scenario }) => scenario)).length} scenarios, ${results.length - odd} of them with the outcome that the scenario's file expects.`;
}

/** The facts about an image that matter for rules. */
function roleText(engine: EngineRecord | undefined): string {
  const director = engine?.provenance?.roles['director'];
  if (director === undefined) return 'Nothing is recorded of its packages.';
  const { system, packages } = director;
  const named = ['iptables', 'nftables', 'ipvsadm'].flatMap((name) =>
    packages[name] === undefined ? [] : [`${name} ${packages[name]}`],
  );
  return `${system}: ${named.join(', ')}.`;
}

function table(
  results: readonly ScenarioResult[],
  link: (words: string, result: ScenarioResult) => string,
): string {
  const columns = unique(results.map(({ cell }) => columnOf(cell)));
  return markdownTable(
    ['scenario', 'expected', ...columns],
    unique(results.map(({ scenario }) => scenario)).map((id) => {
      const ofScenario = results.filter(({ scenario }) => scenario === id);
      return [
        `[${id}](scenarios.md#${id.replace('/', '')})`,
        expected(ofScenario),
        ...columns.map((column) =>
          ofScenario
            .filter(({ cell }) => columnOf(cell) === column)
            .map((result) => link(entryText(result), result))
            .join(', '),
        ),
      ];
    }),
  );
}

/** The column of a cell. A scenario about one flavour ran once per kernel and belongs to no flavour's column. */
function columnOf(cell: Cell | undefined): string {
  return `${cell?.kernel ?? 'default'}, ${cell?.iptables ?? 'as its file says'}`;
}

function expected(results: readonly ScenarioResult[]): string {
  const verdict = results.find((result) => result.verdict !== undefined)?.verdict;
  return verdict === undefined ? '' : expectationText(verdict.expected);
}

function entryText(result: ScenarioResult): string {
  const { verdict } = result;
  if (verdict === undefined) return `**${resultOf(result).replace('-', ' ')}**`;
  if (verdict.result === 'inconclusive') return '**inconclusive**';
  return verdict.result === 'pass'
    ? (verdict.measured?.outcome ?? '')
    : `**${findingText(verdict.measured)}**`;
}

function kernelRow(kernel: string | undefined, engines: readonly EngineRecord[]): readonly string[] {
  const engine = engines.find((each) => each.kernel === kernel);
  const { version, buildId } = engine?.provenance?.kernel ?? {};
  return [kernel ?? 'default', engine?.identity.kernel ?? '', version ?? '', buildId ?? ''];
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
