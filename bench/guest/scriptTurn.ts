import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { LabError } from '../../src/support/errors.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { markedSeconds, markVariable } from '../usage/markedProcesses.js';
import type { Usage } from '../usage/usage.js';
import { holdLabInVm } from './labInVm.js';
import { PlainContainer } from './plainContainer.js';

const script = fileURLToPath(new URL('../cases/script', import.meta.url));
const server = path.join(packageRoot, 'lab/node/server');

/** The guest in which a script ran. */
export interface GuestFacts {
  readonly kernel: string;
  readonly processors: number;
}

/** What the script is to do. */
interface ScriptRequest {
  /** A folder with a folder for each case. */
  readonly casesFolder: string;
  readonly atOnce: number;
  /** More arguments for `lvs-lab up`. */
  readonly options: readonly string[];
}

/** What the script printed and took, and where it ran. */
interface ScriptTurn {
  readonly output: string;
  readonly usage: Usage;
  readonly guest: GuestFacts;
}

/**
 * Does all cases by the plain script, in a guest that `lvs-lab up` has started. Only the script's own time counts: the guest is there, and
 * what the script needs is in it. Of processors it is that of the guest's QEMU meanwhile, and of the idle process that holds it.
 */
export async function scriptTurn({ casesFolder, atOnce, options }: ScriptRequest): Promise<ScriptTurn> {
  const mark = randomUUID();
  const held = await holdLabInVm({ options, variables: { [markVariable]: mark } });
  try {
    await using container = await PlainContainer.start(held.runId);
    const [scripts, servers, cases] = [
      await container.put(script),
      await container.put(server),
      await container.put(casesFolder),
    ];
    const kernel = (await container.run(['uname', '-r'])).trim();
    const processors = Number(await container.run(['nproc']));
    const [start, before] = [performance.now(), markedSeconds(mark)];
    const ended = await container.exec(['bash', `${scripts}/cases.sh`, cases, servers, String(atOnce)]);
    const seconds = (performance.now() - start) / 1000;
    const cpuSeconds = markedSeconds(mark) - before;
    if (ended.exitCode !== 0) {
      throw new LabError(`expected the plain script to do all cases, found exit code ${ended.exitCode}`, {
        details: `${ended.stdout}${ended.stderr}`,
      });
    }
    process.stderr.write(ended.stderr);
    return { output: ended.stdout, usage: { seconds, cpuSeconds }, guest: { kernel, processors } };
  } finally {
    await held.remove();
  }
}
