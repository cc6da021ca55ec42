import { type ChildEnd, runChild } from '../../src/matrix/run/child.js';
import { parseEvent } from '../../src/matrix/run/childEvents.js';
import type { LabEvent } from '../../src/run/model/labEvents.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { labProgram } from './labProgram.js';

/** A run of scenarios in a VM, with a cache and a run directory of its own. */
interface RunRequest {
  readonly scenarios: readonly string[];
  /** More arguments for `lvs-lab run`. */
  readonly options?: readonly string[];
  /** The folder that has the cache. */
  readonly cacheHome: string;
  /** More variables in the environment of the run's processes. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The run directory, which the run makes. */
  readonly out: string;
  /** Called with each event of the run. */
  readonly onEvent: (event: LabEvent) => void;
  /** When it aborts, the run is told to end. */
  readonly signal: AbortSignal;
}

/** Seconds from being told to end until a run is killed. */
const graceSeconds = 45;

/** Runs scenarios in a process of the built program. */
export function runInVm(request: RunRequest): Promise<ChildEnd> {
  const { scenarios, options = [], cacheHome, variables, out, onEvent, signal } = request;
  const env = { ...process.env, ...variables, XDG_CACHE_HOME: cacheHome };
  return runChild(
    { file: labProgram, cwd: packageRoot, env, graceSeconds },
    {
      argv: ['run', ...scenarios, '--engine', 'vm', ...options, '--progress', 'json', '--out', out],
      line: (text) => {
        const event = parseEvent(text);
        if (event !== undefined) onEvent(event);
      },
      signal,
    },
  );
}
