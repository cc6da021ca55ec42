import type { Phase } from '../../contracts/words/phases.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '../text/error.js';
import { readPhaseEvidence } from './readPhase.js';
import { readTrace } from './readTrace.js';
import { readTraced } from './readTraced.js';
import { readNodes, readPlan } from './recordedFiles.js';
import { messageOf } from '../../support/errors.js';
import type { RecordedNode } from '../model/recordedNodes.js';
import type { RecordedPlan } from '../model/recordedPlan.js';
import { SealedFolder } from './sealed/sealedFolder.js';
import type { ScenarioEvidence } from '../model/evidence.js';

/** What all phases have in common. */
interface Setting {
  readonly plan: RecordedPlan;
  readonly nodes: readonly RecordedNode[];
}

/**
 * Reads a scenario's folder of a run (docs/reference/run-directory.md). What is missing, unreadable or different from the manifest becomes one of the
 * `problems`, each naming its file: of the phase that the file belongs to, else of the whole. A phase that never ran is undefined, and so is
 * one that is among the `unread`. Throws EvidenceError when plan.json cannot be read, because nothing else says which scenario it is.
 */
export async function readScenarioEvidence(directory: string): Promise<ScenarioEvidence> {
  const folder = await SealedFolder.open(directory);
  const problems: string[] = folder.problem === undefined ? [] : [folder.problem];
  const unread: Phase[] = [];
  const found = await readWith(folder, 'plan.json', readPlan);
  if ('failed' in found) throw noPlan(directory, found.failed);
  if (found.problem !== undefined) problems.push(`plan.json: ${found.problem}`);
  /** The file's contents; undefined: a problem says why, and which phases that leaves unread. */
  const part = async <T>(name: string, parse: (text: string) => T, of: string): Promise<T | undefined> => {
    const one = await readWith(folder, name, parse);
    if ('failed' in one) {
      problems.push(`${name}: ${one.failed.replace(/\.$/, '')}: ${of} cannot be told by node.`);
      return undefined;
    }
    if (one.problem !== undefined) problems.push(`${name}: ${one.problem}`);
    return one.value;
  };
  // The measured run's own, where it had other nodes than the control run.
  const hasOwn = await folder.mayHave('measured/nodes.json');
  const nodes = await part('nodes.json', readNodes, hasOwn ? 'control/' : 'control/ and measured/');
  const whole = nodes && { plan: found.value, nodes };
  const own = async (): Promise<Setting | undefined> => {
    const ownPlan = await part('measured/plan.json', readPlan, 'measured/');
    const ownNodes = await part('measured/nodes.json', readNodes, 'measured/');
    return ownPlan && ownNodes && { plan: ownPlan, nodes: ownNodes };
  };
  const latest = hasOwn ? await own() : whole;
  const read = async (phase: Phase, setting: Setting | undefined) => {
    const isThere = await isDirectory(join(directory, phase));
    if (isThere && setting !== undefined)
      return readPhaseEvidence(folder, phase, setting.plan, setting.nodes);
    const problem = folder.problemOf(phase, isThere);
    if (problem !== undefined) problems.push(problem);
    if (isThere || problem !== undefined) unread.push(phase);
    return undefined;
  };
  const control = await read('control', whole);
  const measured = await read('measured', latest);
  const hasTraced = folder.hasPhase('traced') || (await isDirectory(join(directory, 'traced')));
  const traced = hasTraced ? await readTraced(folder) : undefined;
  problems.push(...(await folder.others()));
  const ofTrace = join(directory, 'trace');
  const trace = (await isDirectory(ofTrace)) ? await readTrace(ofTrace) : undefined;
  const { scenario, unmatched } = found.value;
  return { scenario, unmatched, control, measured, unread, trace, traced, problems };
}

type Read<T> = { readonly value: T; readonly problem: string | undefined } | { readonly failed: string };

/** Reads and parses a file: its contents with what is wrong with it otherwise, or why there are none. */
async function readWith<T>(folder: SealedFolder, name: string, parse: (text: string) => T): Promise<Read<T>> {
  const { bytes, problem } = await folder.read(name);
  if (bytes === undefined) return { failed: problem ?? 'it cannot be read.' };
  try {
    return { value: parse(bytes.toString('utf8')), problem };
  } catch (cause) {
    // That it cannot be parsed follows from its being another file than was recorded.
    return { failed: problem ?? messageOf(cause) };
  }
}

function noPlan(directory: string, why: string): EvidenceError {
  return new EvidenceError(`${join(directory, 'plan.json')}: ${why}`, {
    hint: 'Get the file from where the run was made, or run the scenario again: without it nothing says which scenario it was.',
  });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
