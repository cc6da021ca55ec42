import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { UsageError } from '../support/errors.js';
import { deepFreeze } from '../support/freeze.js';
import { type LocatedProblem, parseSource } from './document.js';
import { valueAt } from './flatten.js';
import { scenarioJsonSchema } from './jsonSchema.js';
import { locateIssues } from './problems.js';
import { readScenarioFile } from './readFile.js';
import { type ScenarioFile, scenarioSchema } from './schema.js';
import type { Scenario } from './types.js';

interface LoadOptions {
  /** The id the file must have, being where it is; undefined: any. */
  readonly id?: string;
}

/**
 * Reads and validates one scenario file. The result is frozen.
 * @throws UsageError with one line `file:line:column: problem` for each thing that is wrong, in the order of the file;
 * the path is relative to the working directory. A file that cannot be read has a line `file: problem`.
 */
export async function loadScenario(file: string, options: LoadOptions = {}): Promise<Scenario> {
  const path = resolve(file);
  const shown = relative(process.cwd(), path);
  const content = await readScenarioFile(path);
  if ('problem' in content) {
    throw new UsageError(`${shown}: ${content.problem}`, {
      hint: 'Name a scenario file, or an id that `lvs-lab list` shows.',
    });
  }
  const parsed = parse(content.text, options);
  if ('problems' in parsed) {
    throw new UsageError(report(shown, parsed.problems), {
      hint: `Mend the file and check it with \`lvs-lab validate ${shown}\`; scenarios/scenario.schema.json describes every key.`,
    });
  }
  const hash = createHash('sha256').update(content.bytes).digest('hex');
  return deepFreeze(toScenario(parsed.file, path, hash));
}

type Parsed = { readonly file: ScenarioFile } | { readonly problems: readonly LocatedProblem[] };

function parse(text: string, options: LoadOptions): Parsed {
  const source = parseSource(text);
  if (source.data === undefined) return { problems: source.problems };
  const result = scenarioSchema.safeParse(source.data);
  const issues = result.success ? [] : locateIssues(result.error.issues, source, scenarioJsonSchema());
  const problems = [...source.problems, ...issues];
  const id = valueAt(source.data, ['id']);
  if (options.id !== undefined && typeof id === 'string' && id !== options.id) {
    const message = `expected \`${options.id}\`, which is the file's path below its library, found \`${id}\``;
    problems.push({ ...source.locate(['id'], 'value'), message });
  }
  return result.success && problems.length === 0 ? { file: result.data } : { problems };
}

function report(shown: string, problems: readonly LocatedProblem[]): string {
  return [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => `${shown}:${line}:${column}: ${message}`)
    .join('\n');
}

function toScenario(parsed: ScenarioFile, file: string, hash: string): Scenario {
  const { topology, director, realserver, client, expect, ...rest } = parsed;
  const role = (settings: ScenarioFile['director']) => ({ ...settings, rules: settings.rules });
  return {
    ...rest,
    topology: { ...topology, subnet: topology.subnet, vip: topology.vip },
    roles: { client: role(client), director: role(director), realserver: role(realserver) },
    expect: { outcome: expect.outcome, signal: expect.signal },
    file,
    hash,
  };
}
