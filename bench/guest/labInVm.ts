import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSession } from '../../src/engine/session.js';
import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { labProgram } from '../program/labProgram.js';

const scenario = fileURLToPath(new URL('lab.yaml', import.meta.url));
const execScript = fileURLToPath(new URL('execInContainer.ts', import.meta.url));
/** A first one makes all parts of the guest. */
const upSeconds = 1800;
const downSeconds = 120;

/** The lab of lab.yaml, held by a process of its own. */
export interface LabInVm {
  readonly runId: string;
  /** The command line that runs `argv` in a node. */
  readonly enter: (node: string, argv: readonly string[]) => readonly string[];
  /** Takes it down. */
  readonly remove: () => Promise<void>;
}

/** How a lab is brought up. */
interface LabRequest {
  /** More arguments for `lvs-lab up`. */
  readonly options?: readonly string[];
  /** More variables in the environment of the lab's processes. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Has `lvs-lab up` hold the lab of lab.yaml in a VM. */
export async function holdLabInVm({ options = [], variables = {} }: LabRequest = {}): Promise<LabInVm> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-lab-'));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  try {
    const up = ['up', scenario, '--engine', 'vm', ...options, '--out', path.join(directory, 'lab')];
    const said = await hostCommand([process.execPath, labProgram, ...up], {
      purpose: 'bring up a lab',
      seconds: upSeconds,
      env: variables,
    });
    const runId = runIdIn(said);
    const { nodes } = await readSession(runId);
    const loader = import.meta.resolve('tsx');
    return {
      runId,
      enter: (node, argv) => {
        const container = nodes[node];
        if (container === undefined) {
          throw new LabError(`expected a node of ${Object.keys(nodes).join(', ')}, found ${node}`);
        }
        return [process.execPath, '--import', loader, execScript, runId, container, ...argv];
      },
      remove: async () => {
        const down = [process.execPath, labProgram, 'down', '--run', runId];
        await hostCommand(down, { purpose: 'take the lab down', seconds: downSeconds });
        await removeDirectory();
      },
    };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

/** The run id in what `lvs-lab up` prints. Throws LabError when there is none. */
export function runIdIn(said: string): string {
  const runId = /\(([\w-]+)\) is up/.exec(said)?.[1];
  if (runId !== undefined) return runId;
  throw new LabError('expected `lvs-lab up` to name its lab, found no run id in what it said', {
    details: said,
  });
}
