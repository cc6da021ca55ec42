import { relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../../support/errors.js';
import { shellQuote } from '../../support/quote.js';
import { deepFreeze } from '../../support/freeze.js';
import { isMap } from './checks/anyMap.js';
import type { LocatedProblem, SourceDocument } from './yaml/sourceDocument.js';
import { valueAt } from './issues/flatten.js';
import { scenarioJsonSchema } from './jsonSchema.js';
import { mutate } from './mutate.js';
import { locateIssues } from './problems.js';
import { readSource, type ScenarioSource } from './readSource.js';
import { scenarioSchema } from './scenarioSchema.js';
import type { ScenarioFile } from './schema/file.js';
import { toScenario } from './toScenario.js';
import { byPlace, type KeyPath, onOneLine, placeText } from '../model/place.js';
import type { Scenario } from '../model/scenario.js';
import { withUnmatched } from './withUnmatched.js';

interface LoadOptions {
  /** The id that the file must have because of where it is; undefined: any id. */
  readonly id?: string;
}

/**
 * Reads and validates one scenario file, with the rule files that it names. The result is frozen.
 * @throws UsageError with one line `file:line:column: problem` for each thing that is wrong, in the order of the file, and behind them those of
 * each rule file; paths are relative to the working directory. A file that cannot be read has a line `file: problem`.
 */
export async function loadScenario(file: string, options: LoadOptions = {}): Promise<Scenario> {
  // A name with a slash behind it is that of a folder, which the system says.
  const path = resolve(file) + (file.endsWith('/') ? '/' : '');
  const shown = onOneLine(relative(process.cwd(), path)) || '.';
  const source = await readSource(path, shown);
  if ('problem' in source) {
    const { problem, at } = source;
    throw new UsageError(`${at === undefined ? shown : placeText(shown, at)}: ${problem}`, {
      hint:
        at === undefined
          ? 'Name a scenario file, or an id that `lvs-lab list` shows.'
          : `Mend the file and check it with \`${shellQuote(['lvs-lab', 'validate', shown])}\`.`,
    });
  }
  if ('foreign' in source) {
    const { what, hint } = source.foreign;
    throw new UsageError(`${shown}:1:1: expected a scenario, found ${what}`, { hint });
  }
  const parsed = parse(source.document, options);
  if ('problems' in parsed) {
    throw new UsageError(report(shown, parsed.problems), {
      hint: `Mend the file and check it with \`${shellQuote(['lvs-lab', 'validate', shown])}\`; scenarios/scenario.schema.json describes every key.`,
    });
  }
  const { hash, record } = source;
  return deepFreeze(scenarioOf(parsed, { file: path, hash, record }));
}

type Parsed =
  | {
      readonly file: ScenarioFile;
      readonly mutated: ScenarioFile | undefined;
      readonly document: SourceDocument;
    }
  | { readonly problems: readonly LocatedProblem[] };

function parse(source: SourceDocument, options: LoadOptions): Parsed {
  if (source.data === undefined) return { problems: source.problems };
  const result = scenarioSchema.safeParse(source.data);
  const issues = result.success ? [] : locateIssues(result.error.issues, source, scenarioJsonSchema());
  const problems = [...source.problems, ...issues];
  const id = valueAt(source.data, ['id']);
  if (options.id !== undefined && typeof id === 'string' && id !== options.id) {
    const message = `expected \`${options.id}\`, which is the file's path below its library, found \`${id}\``;
    problems.push({ ...source.locate(['id'], 'value'), message });
  }
  if (!result.success || problems.length > 0) return { problems };
  const mutated = result.data.mutation === undefined ? undefined : parseMutated(source);
  if (mutated !== undefined && 'problems' in mutated) return mutated;
  if (mutated !== undefined && isSame(result.data, mutated.file)) {
    const message =
      'expected a change of what the run does, found none; the mutated scenario would be the same';
    return { problems: [{ ...source.locate(['mutation'], 'key'), message }] };
  }
  return { file: result.data, mutated: mutated?.file, document: source };
}

/** The file with its mutation made, validated as a whole: what is wrong with it is shown at the mutation. */
function parseMutated(
  source: SourceDocument,
): { readonly file: ScenarioFile } | { readonly problems: readonly LocatedProblem[] } {
  const { data, problems } = mutate(isMap(source.data) ? source.data : {});
  if (problems.length > 0) {
    return { problems: problems.map(({ path, at, message }) => ({ ...source.locate(path, at), message })) };
  }
  const result = scenarioSchema.safeParse(data);
  if (result.success) return { file: result.data };
  const inMutation: SourceDocument = {
    data,
    problems: [],
    // For what the mutation does not name itself, the nearest parent that it has.
    locate: (path, at) => source.locate(['mutation', ...path], at),
    placeOf: (path) => source.placeOf(['mutation', ...path]),
    rangeOf: (path) => source.rangeOf(['mutation', ...path]),
    writtenAt: (path) => source.writtenAt(['mutation', ...path]),
  };
  const issues = locateIssues(result.error.issues, inMutation, scenarioJsonSchema());
  return {
    problems: issues.map((issue) => ({ ...issue, message: `with the mutation made: ${issue.message}` })),
  };
}

/** Whether two files say the same, apart from their mutations. */
function isSame(file: ScenarioFile, other: ScenarioFile): boolean {
  const rest = (one: ScenarioFile) => ({ ...one, mutation: undefined });
  return isDeepStrictEqual(rest(file), rest(other));
}

/** How many problems of one file are shown: an author with more corrects those first, and looks again. */
const mostProblems = 100;
const longestLine = 600;

/** Cuts a message, because it may quote something very long from the file. */
function cutLine(message: string): string {
  const more = message.length - longestLine;
  return more > 0 ? `${message.slice(0, longestLine)}... (${more} more characters)` : message;
}

function report(shown: string, problems: readonly LocatedProblem[]): string {
  const lines = [...problems]
    .sort(byPlace)
    .map(({ message, ...place }) => ({ place, line: `${placeText(shown, place)}: ${cutLine(message)}` }))
    // A rule file may be named several times.
    .filter(({ place, line }, index, all) => place.file === undefined || line !== all[index - 1]?.line)
    .map(({ line }) => line);
  const more = lines.length - mostProblems;
  return [...lines.slice(0, mostProblems), ...(more > 0 ? [`${shown}: and ${more} more`] : [])].join('\n');
}

function scenarioOf(
  { file, mutated, document }: Exclude<Parsed, { readonly problems: unknown }>,
  source: Pick<ScenarioSource, 'hash' | 'record'> & { readonly file: string },
): Scenario {
  const scenario = withUnmatched(toScenario(file, source), file, (path) => document.placeOf(path));
  if (file.mutation === undefined || mutated === undefined) return { ...scenario, mutation: undefined };
  const inMutation = (path: KeyPath) =>
    valueAt(document.data, ['mutation', ...path]) === undefined ? path : ['mutation', ...path];
  const other = withUnmatched(toScenario(mutated, source), mutated, (path) =>
    document.placeOf(inMutation(path)),
  );
  return { ...scenario, mutation: { what: file.mutation.what, scenario: other } };
}
