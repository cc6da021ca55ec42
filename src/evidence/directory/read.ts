import type { Phase } from '../../contracts/words/phases.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '../text/error.js';
import { readPhaseEvidence } from './readPhase.js';
import { readTrace } from './readTrace.js';
import { readNodes, readPlan } from './recordedFiles.js';
import { SealedFolder } from './sealedFolder.js';
import type { ScenarioEvidence } from '../model/evidence.js';

/**
 * Reads a scenario's folder of a run (docs/run-directory.md). What is missing, unreadable or different from the manifest becomes one of the
 * `problems`, each naming its file: of the phase that the file belongs to, else of the whole. A phase that never ran is undefined. Throws
 * EvidenceError when plan.json or nodes.json cannot be read, because then it is no scenario's folder.
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
  const settingIn = async (part: string) => ({
    plan: await mustRead(`${part}plan.json`, readPlan),
    nodes: await mustRead(`${part}nodes.json`, readNodes),
  });
  const whole = await settingIn('');
  // The measured run's own, where it had other nodes than the control run.
  const latest = (await folder.mayHave('measured/nodes.json')) ? await settingIn('measured/') : whole;
  const read = async (phase: Phase, { plan, nodes }: typeof whole) => {
    const isThere = await isDirectory(join(directory, phase));
    const problem = folder.problemOf(phase, isThere);
    if (isThere) return readPhaseEvidence(folder, phase, plan, nodes);
    if (problem !== undefined) problems.push(problem);
    return undefined;
  };
  const control = await read('control', whole);
  const measured = await read('measured', latest);
  problems.push(...(await folder.others()));
  const traced = join(directory, 'trace');
  const trace = (await isDirectory(traced)) ? await readTrace(traced) : undefined;
  const { scenario, unmatched } = whole.plan;
  return { scenario, unmatched, control, measured, trace, problems };
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
