import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from './error.js';
import { readPhaseEvidence } from './readPhase.js';
import { readTrace } from './readTrace.js';
import { readNodes, readPlan } from './recorded.js';
import { SealedFolder } from './sealedFolder.js';
import type { ScenarioEvidence } from './types.js';

/**
 * Reads a scenario's directory of a run (docs/run-directory.md). What is missing, unreadable or not what the manifest has becomes one of
 * the `problems`, of the phase whose file it is or else of the whole, naming the file; a phase that never ran is undefined. Throws
 * EvidenceError when the directory has no readable plan.json and nodes.json, because then it is no scenario's directory.
 */
export async function readScenarioEvidence(directory: string): Promise<ScenarioEvidence> {
  const folder = await SealedFolder.open(directory);
  const problems: string[] = folder.problem === undefined ? [] : [folder.problem];
  const mustRead = async <T>(name: string, parse: (text: string) => T): Promise<T> => {
    const { bytes, problem } = await folder.read(name);
    if (bytes === undefined) throw noScenario(directory, name, problem);
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
    return parsed(join(directory, name), () => parse(bytes.toString('utf8')));
  };
  const plan = await mustRead('plan.json', readPlan);
  const nodes = await mustRead('nodes.json', readNodes);
  const read = async (phase: 'control' | 'measured') => {
    const isThere = await isDirectory(join(directory, phase));
    const problem = folder.problemOf(phase, isThere);
    if (isThere) return readPhaseEvidence(folder, phase, plan, nodes);
    if (problem !== undefined) problems.push(problem);
    return undefined;
  };
  const control = await read('control');
  const measured = await read('measured');
  problems.push(...(await folder.others()));
  const traced = join(directory, 'trace');
  const trace = (await isDirectory(traced)) ? await readTrace(traced) : undefined;
  return { scenario: plan.scenario, control, measured, trace, problems };
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new EvidenceError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function noScenario(directory: string, name: string, problem = ''): EvidenceError {
  return new EvidenceError(
    `Expected a scenario's directory of a run, but ${directory} has no readable ${name}: ${problem}`,
    { hint: 'Name the directory that holds plan.json, for example runs/RUN/close-server-first.' },
  );
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
