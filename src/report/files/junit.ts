import path from 'node:path';
import Builder from 'fast-xml-builder';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import { byCell, type CellResults } from '../results/byCell.js';
import type { RunReport } from '../document/resultDocument.js';
import { serialiseError } from '../text/errorText.js';
import { findingText } from '../results/findingText.js';
import { explanationLines, reasonLines, resultText } from '../results/resultText.js';
import { resultOf } from '../results/resultKind.js';
import { escapeControls } from '../text/controlCharacters.js';
import { expectationLabel } from '../results/expectationLabel.js';

/** An XML element as the builder takes it: `@name` is an attribute, `#` the text, and all else are children. */
interface Element {
  readonly [name: string]: string | number | Element | readonly Element[];
}

/**
 * Results as JUnit XML: a suite per cell, a test case per job. A `fail` is a failure. An inconclusive verdict, a refused file and a broken
 * lab say nothing about the scenario and are errors. A job that was not started is skipped, with the reason. An error that ended the run
 * early is a test case too, because a file with only the finished tests would look like a success.
 */
export function junitText(ended: RunReport): string {
  const suites = byCell(ended.results).map((cell) => suiteOf(cell, ended));
  const early = ended.error === undefined ? [] : [earlySuite(ended.error)];
  const all = [...suites, ...early];
  const root = { testsuites: { '@name': 'lvs-lab', ...totals(all), testsuite: all } };
  const xml = builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, ...root });
  return escapeControls(xml).replaceAll(notXml, '');
}

const builder = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  suppressEmptyNode: true,
  // Else `value="true"` would lose its value, as in HTML.
  suppressBooleanAttributes: false,
  format: true,
});

/** Characters that XML cannot express, escaped or not. Source: XML 1.0, production Char. */
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function suiteOf({ name, results }: CellResults, ended: RunReport): Element {
  const of = (kinds: readonly string[]) =>
    results.filter((result) => kinds.includes(resultOf(result))).length;
  const suite = name === '' ? 'lvs-lab' : name;
  return {
    '@name': suite,
    '@tests': results.length,
    '@failures': of(['fail']),
    '@errors': of(['inconclusive', 'refused', 'broke']),
    '@skipped': of(['not-run']),
    '@time': seconds(results.reduce((sum, result) => sum + result.seconds, 0)),
    properties: propertiesOf(suiteProperties(results, ended)),
    testcase: results.map((result) => caseOf(result, suite, ended.directory)),
  };
}

function suiteProperties(
  [first]: readonly ScenarioResult[],
  ended: RunReport,
): Readonly<Record<string, string | undefined>> {
  const { kernel, image } = first?.cell ?? {};
  const engine = (ended.engines ?? []).find((each) => each.kernel === kernel && each.image === image);
  return {
    'lvs-lab': ended.version,
    run: ended.runId,
    directory: ended.directory,
    seed: ended.seed,
    mutated: ended.mutated === true ? 'true' : undefined,
    kernel: engine?.identity.kernel,
    'kernel-build-id': engine?.provenance?.kernel?.buildId,
    engine: engine?.identity.kind,
    accelerator: engine?.identity.accelerator,
  };
}

function caseOf(result: ScenarioResult, suite: string, below: string | undefined): Element {
  const { job, scenario, cell, file, hash, verdict, directory } = result;
  const evidence = below === undefined ? directory : path.relative(below, directory);
  const topic = scenario.replace(/\/[^/]*$/, '');
  const properties = {
    scenario,
    kernel: cell?.kernel,
    image: cell?.image,
    iptables: cell?.iptables,
    result: resultOf(result),
    standing: expectationLabel(result),
    expected: verdict && expectationText(verdict.expected),
    seen: verdict && findingText(verdict.measured),
    evidence: result.notRun === undefined ? evidence : undefined,
    'scenario-sha256': hash,
  };
  return {
    '@name': job,
    // Readers tell cases apart by class and name, and know nothing of suites.
    '@classname': suite === 'lvs-lab' ? topic : `${suite}.${topic}`,
    '@time': seconds(result.seconds),
    ...(file === undefined ? {} : { '@file': file }),
    properties: propertiesOf(properties),
    ...problemOf(result, evidence),
  };
}

/** The problem of a job as an element. For a job without one, the explanation of its verdict, as output that counts for nothing. */
function problemOf(result: ScenarioResult, evidence: string): Element {
  const kind = resultOf(result);
  if (kind === 'not-run') return { skipped: { '@message': resultText(result) } };
  if (kind === 'pass') {
    const lines = result.verdict === undefined ? [] : explanationLines(result.verdict);
    return lines.length === 0 ? {} : { 'system-out': lines.join('\n') };
  }
  const problem = {
    '@message': resultText(result),
    '@type': kind === 'fail' ? (result.verdict?.measured?.outcome ?? 'fail') : kind,
    '#': [...reasonLines(result), `evidence: ${evidence}`].join('\n'),
  };
  return kind === 'fail' ? { failure: problem } : { error: problem };
}

function earlySuite(error: unknown): Element {
  const { name, message, details, hint } = serialiseError(error);
  const text = [message, details, hint].filter((part) => part !== undefined).join('\n');
  return {
    '@name': 'the run itself',
    ...{ '@tests': 1, '@failures': 0, '@errors': 1, '@skipped': 0, '@time': seconds(0) },
    testcase: {
      ...{ '@name': 'came to its end', '@classname': 'the run itself', '@time': seconds(0) },
      error: { '@message': message, '@type': name, '#': text },
    },
  };
}

function propertiesOf(properties: Readonly<Record<string, string | undefined>>): Element {
  const given = Object.entries(properties).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { property: given.map(([name, value]) => ({ '@name': name, '@value': value })) };
}

function totals(suites: readonly Element[]): Element {
  const sum = (attribute: string) => suites.reduce((total, suite) => total + Number(suite[attribute]), 0);
  return {
    '@tests': sum('@tests'),
    '@failures': sum('@failures'),
    '@errors': sum('@errors'),
    '@skipped': sum('@skipped'),
    '@time': seconds(sum('@time')),
  };
}

/** Seconds, rounded to milliseconds. */
function seconds(span: number): string {
  return span.toFixed(3);
}
