import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { byCell } from '../results/byCell.js';
import type { RunReport } from '../document/resultDocument.js';
import { serialiseError } from '../text/errorText.js';
import { escapeControls } from '../text/controlCharacters.js';
import { resultOf } from '../results/resultKind.js';
import { explanationLines, reasonLines, resultText } from '../results/resultText.js';

/** A test in KTAP, which may have subtests. */
interface Test {
  readonly name: string;
  readonly isOk: boolean;
  /** The directive after the name, with its reason. */
  readonly directive?: string | undefined;
  /** Comment lines above the result. */
  readonly diagnostics?: readonly string[];
  readonly subtests?: readonly Test[];
}

/**
 * Results as KTAP version 1: scenarios below their topic, which is below its cell if there are any. Only a passed verdict is `ok`. An
 * inconclusive verdict, a refused file, a broken lab and a job that was not started are `not ok` with the directive ERROR, because with `#
 * SKIP` they would not count, and nobody would look.
 */
export function ktapText(ended: RunReport): string {
  const cells = byCell(ended.results).map(({ name, results }) => ({ name, topics: topicsOf(results) }));
  const [only] = cells;
  const tests =
    cells.length === 1 && only?.name === ''
      ? only.topics
      : cells.map(({ name, topics }) => parent(name === '' ? 'as the files say' : name, topics));
  const early = ended.error === undefined ? [] : [earlyTest(ended.error)];
  return `${block([...tests, ...early], [`lvs-lab ${ended.version}`, ...engineLines(ended)]).join('\n')}\n`;
}

function engineLines({ engines = [] }: RunReport): string[] {
  return engines.map(({ identity: { kernel, kind, accelerator } }) =>
    [`kernel ${kernel}`, `${kind} engine`, ...(accelerator === undefined ? [] : [accelerator])].join(', '),
  );
}

function topicsOf(results: readonly ScenarioResult[]): Test[] {
  const topicOf = ({ scenario }: ScenarioResult) => scenario.replace(/\/[^/]*$/, '');
  return [...new Set(results.map(topicOf))].map((topic) =>
    parent(topic, results.filter((result) => topicOf(result) === topic).map(testOf)),
  );
}

function testOf(result: ScenarioResult): Test {
  const { job, scenario, repeat, directory } = result;
  const kind = resultOf(result);
  const isUndecided = kind !== 'pass' && kind !== 'fail';
  // A job's name has a `#` where it is not the first, which KTAP keeps for itself.
  const last = job.replace(/#\d+$/, '').slice(scenario.lastIndexOf('/') + 1);
  return {
    name: repeat === 1 ? last : `${last} run ${String(repeat)}`,
    isOk: kind === 'pass',
    directive: isUndecided ? `ERROR ${kind}` : undefined,
    diagnostics:
      kind === 'pass' || kind === 'not-run'
        ? [resultText(result), ...(result.verdict === undefined ? [] : explanationLines(result.verdict))]
        : [resultText(result), ...reasonLines(result), `evidence: ${directory}`],
  };
}

function earlyTest(error: unknown): Test {
  const { message, details, hint } = serialiseError(error);
  const lines = [message, details, hint].flatMap((part) => part?.split('\n') ?? []);
  return { name: 'the run came to its end', isOk: false, directive: 'ERROR broke', diagnostics: lines };
}

/** A test with subtests, which is ok when all of them are. */
function parent(name: string, subtests: readonly Test[]): Test {
  return { name, isOk: subtests.every(({ isOk }) => isOk), subtests };
}

/** The version, plan and tests of a level, without indentation. */
function block(tests: readonly Test[], header: readonly string[]): string[] {
  return [
    'KTAP version 1',
    ...header.flatMap(diagnostic),
    `1..${String(tests.length)}`,
    ...tests.flatMap((test, index) => lines(test, index + 1)),
  ];
}

function lines({ name, isOk, directive, diagnostics = [], subtests }: Test, number: number): string[] {
  // The name below the version line is not KTAP's own; KUnit writes and reads it, to others it is a diagnostic.
  const below = subtests === undefined ? [] : block(subtests, [`Subtest: ${name}`]);
  const result = [isOk ? 'ok' : 'not ok', String(number), described(name)].join(' ');
  return [
    ...below.map((line) => `  ${line}`),
    ...diagnostics.flatMap(diagnostic),
    `${result}${directive === undefined ? '' : ` # ${directive}`}`,
  ];
}

/** Comment lines for a text, so that none of its lines can be taken for a result. */
function diagnostic(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `# ${escapeControls(line)}`.trimEnd());
}

/** A description: any words on one line, without `#`. */
function described(name: string): string {
  return escapeControls(name.replaceAll(/\s+/g, ' ')).replaceAll('#', '').trim();
}
