import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from './error.js';
import { readPhaseEvidence } from './readPhase.js';
import { readNodes, readPlan } from './recorded.js';
import type { ScenarioEvidence } from './types.js';

/**
 * Reads a scenario's directory of a run (docs/run-directory.md). What is missing or unreadable inside a phase becomes one of
 * the phase's `problems`, naming the file; a phase that never ran is undefined. Throws EvidenceError when the directory has no
 * readable plan.json and nodes.json, because then it is no scenario's directory.
 */
export async function readScenarioEvidence(directory: string): Promise<ScenarioEvidence> {
  const plan = readPlanFile(await mustRead(directory, 'plan.json'), join(directory, 'plan.json'));
  const nodes = wrap(join(directory, 'nodes.json'), readNodes)(await mustRead(directory, 'nodes.json'));
  const read = async (phase: 'control' | 'measured') =>
    (await isDirectory(join(directory, phase)))
      ? readPhaseEvidence(join(directory, phase), phase, plan, nodes)
      : undefined;
  return { scenario: plan.scenario, control: await read('control'), measured: await read('measured') };
}

function readPlanFile(text: string, file: string) {
  return wrap(file, readPlan)(text);
}

function wrap<T>(file: string, parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (cause) {
      throw new EvidenceError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    }
  };
}

async function mustRead(directory: string, name: string): Promise<string> {
  try {
    return await readFile(join(directory, name), 'utf8');
  } catch (cause) {
    throw new EvidenceError(
      `Expected a scenario's directory of a run, but ${directory} has no readable ${name}.`,
      {
        hint: 'Name the directory that holds plan.json, for example runs/RUN/close-server-first.',
        cause,
      },
    );
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
