import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { UsageError } from '../../support/errors.js';
import { packageRoot } from '../../support/packageRoot.js';
import { didYouMean, nearest } from '../../support/suggest.js';
import { loadScenario } from '../file/loadScenario.js';
import type { Scenario } from '../model/scenario.js';

const libraryFolder = join(packageRoot, 'scenarios');
const extension = '.yaml';

/** Whether a file belongs to the library of this package. */
export function isShipped(file: string): boolean {
  return file.startsWith(`${libraryFolder}${sep}`);
}

/** All scenarios of the library, by id. Throws UsageError when one of its files is invalid. */
export async function listScenarios(): Promise<readonly Scenario[]> {
  return loadAll(await libraryIds());
}

/**
 * The scenarios named by `args`: ids of the library, globs over them such as `close/*`, and paths of `.yaml` files, in
 * that order and each once.
 * @throws UsageError naming every id and glob that stands for nothing, with the nearest known one, or every problem of every file.
 */
export async function findScenarios(args: readonly string[]): Promise<readonly Scenario[]> {
  // An invalid file that two globs name is reported once.
  const scenarios = await loadAll(await namesOf(args));
  const byFile = new Map(scenarios.map((scenario) => [scenario.file, scenario]));
  refuseSharedIds([...byFile.values()]);
  return [...byFile.values()];
}

/**
 * The files of the scenarios named by `args`, in that order and each once, whatever is in them.
 * @throws UsageError naming every id and glob that stands for nothing, and every file that is not there.
 */
export async function scenarioFiles(args: readonly string[]): Promise<readonly string[]> {
  const files = [...new Set((await namesOf(args)).map(fileOf))];
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return files;
  throw new UsageError(
    missing
      .map((file) => `${relative(process.cwd(), file)}: expected a scenario file, found no such file`)
      .join('\n'),
    { hint: 'Name a scenario file, or an id that `lvs-lab list` shows.' },
  );
}

/** The ids and paths that arguments stand for, each once. */
async function namesOf(args: readonly string[]): Promise<readonly string[]> {
  const ids = await libraryIds();
  const named = args.map((arg) => ({ arg, found: isPath(arg) ? [arg] : idsOf(arg, ids) }));
  const unknown = named.filter(({ found }) => found.length === 0);
  if (unknown.length > 0) {
    throw new UsageError(unknown.map(({ arg }) => nothingFound(arg, ids)).join('\n'), {
      hint: 'For the scenarios there are, see `lvs-lab list`.',
    });
  }
  return [...new Set(named.flatMap(({ found }) => found))];
}

/** The ids that an argument stands for, as an id or a glob. */
function idsOf(arg: string, ids: readonly string[]): readonly string[] {
  if (arg === '') return [];
  const isMatch = picomatch(arg);
  return ids.filter((id) => isMatch(id));
}

/** The ids of all scenarios of the library, sorted; their files are not read. */
export async function libraryIds(): Promise<readonly string[]> {
  const paths = await readdir(libraryFolder, { recursive: true });
  return paths
    .filter((path) => path.endsWith(extension))
    .map(idOf)
    .sort();
}

function idOf(path: string): string {
  return path.slice(0, -extension.length).split(sep).join('/');
}

async function loadAll(args: readonly string[]): Promise<readonly Scenario[]> {
  const scenarios: Scenario[] = [];
  const errors: UsageError[] = [];
  for (const arg of args) {
    try {
      scenarios.push(await readScenario(arg));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) {
    const [{ hint } = {}] = errors;
    throw new UsageError(errors.map(({ message }) => message).join('\n'), hint === undefined ? {} : { hint });
  }
  return scenarios;
}

/** Reads the scenario with this id or path. Throws like `loadScenario`, and for a file of the library whose id is another than its path says. */
export function readScenario(arg: string): Promise<Scenario> {
  const file = fileOf(arg);
  const below = relative(libraryFolder, file);
  const isInLibrary = !below.startsWith('..') && file.endsWith(extension);
  return loadScenario(file, isInLibrary ? { id: idOf(below) } : {});
}

/** The file of a path or an id. */
function fileOf(arg: string): string {
  return isPath(arg) ? resolve(arg) : join(libraryFolder, `${arg}${extension}`);
}

/** Whether an argument is a path: ids have no dot, so a file's name is recognised even when there is no such file. */
function isPath(arg: string): boolean {
  return /\.ya?ml$/.test(arg);
}

function nothingFound(arg: string, ids: readonly string[]): string {
  if (picomatch.scan(arg).isGlob) return unmatchedGlob(arg, ids);
  const topic = arg.replace(/\/$/, '');
  const ofTopic = ids.filter((id) => id.startsWith(`${topic}/`));
  if (ofTopic.length > 0) {
    return `expected a scenario's id, found the topic \`${arg}\`; \`${topic}/*\` takes all of its scenarios: ${ofTopic.join(', ')}`;
  }
  return `expected a scenario's id, a glob over ids or a .yaml file, found \`${arg}\`, which is none of them${didYouMean(arg, ids)}`;
}

function unmatchedGlob(glob: string, ids: readonly string[]): string {
  const topics = [...new Set(ids.map((id) => id.split('/')[0] ?? id))];
  const [topic = '', ...behaviour] = glob.split('/');
  // `clsoe/*`: the topic is a word that can be misspelt, the rest is not.
  const meant = topics.includes(topic) ? undefined : nearest(topic, topics);
  const better = meant === undefined ? undefined : [meant, ...behaviour].join('/');
  const suggestion =
    better !== undefined && idsOf(better, ids).length > 0
      ? `; did you mean \`${better}\`?`
      : `; the topics are ${topics.join(', ')}`;
  return `expected a glob that matches a scenario's id, found \`${glob}\`, which matches none${suggestion}`;
}

/** Refuses two scenarios with one id, because a run names their folders by it. */
export function refuseSharedIds(scenarios: readonly Scenario[]): void {
  for (const [index, scenario] of scenarios.entries()) {
    const other = scenarios.slice(0, index).find(({ id }) => id === scenario.id);
    if (other !== undefined) {
      throw new UsageError(
        `expected each scenario of a run to have its own id, found \`${scenario.id}\` in two files:\n${other.file}\n${scenario.file}`,
        {
          hint: 'Run them one after the other, or change one of the ids.',
        },
      );
    }
  }
}
