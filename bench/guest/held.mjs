import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../measured.mjs';
import { built } from './built.mjs';

const scenario = fileURLToPath(new URL('lab.yaml', import.meta.url));
const execScript = fileURLToPath(new URL('exec.mjs', import.meta.url));

/**
 * Has `lvs-lab up` hold the lab of lab.yaml in a VM.
 * @returns how commands are run in its nodes, and what takes it down
 */
export async function heldLab() {
  const program = [process.execPath, fileURLToPath(built('cli/main.js'))];
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-lab-'));
  const out = path.join(directory, 'lab');
  const said = await run([...program, 'up', scenario, '--engine', 'vm', '--out', out]).catch(
    async (/** @type {unknown} */ error) => {
      await rm(directory, { recursive: true, force: true });
      throw error;
    },
  );
  const runId = /\(([\w-]+)\) is up/.exec(said)?.[1];
  if (runId === undefined) throw new Error(`lvs-lab up did not say which lab is up:\n${said}`);
  return {
    /** @param {string} node @param {readonly string[]} argv */
    enter: (node, argv) => [process.execPath, execScript, runId, node, ...argv],
    remove: async () => {
      await run([...program, 'down', '--run', runId]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
