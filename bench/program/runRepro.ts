import { runChild } from '../../src/matrix/run/child.js';
import { parseEvent } from '../../src/matrix/run/childEvents.js';
import type { LabEvent } from '../../src/run/model/labEvents.js';
import { LabError } from '../../src/support/errors.js';
import { packageRoot } from '../../src/support/packageRoot.js';

/** `npm run repro` in a VM, with a cache and a run directory of its own. */
interface ReproRequest {
  /** The folder that has the cache. */
  readonly cacheHome: string;
  /** The run directory, which the run makes. */
  readonly out: string;
  /** More variables in the environment of its processes. */
  readonly variables: Readonly<Record<string, string>>;
  /** Called with each event of the run. */
  readonly onEvent: (event: LabEvent) => void;
}

/** Seconds from being told to end until it is killed. */
const graceSeconds = 45;

/** Runs `npm run repro` to its end, npm's own start included. Rejects with LabError when it does not pass. */
export async function runRepro({ cacheHome, out, variables, onEvent }: ReproRequest): Promise<void> {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) {
    throw new LabError('expected npm to name itself in npm_execpath', {
      hint: 'start this by `npm run bench`',
    });
  }
  const env = { ...process.env, ...variables, XDG_CACHE_HOME: cacheHome };
  const options = ['--engine', 'vm', '--progress', 'json', '--out', out];
  const { exitCode, signal } = await runChild(
    { file: npm, cwd: packageRoot, env, graceSeconds },
    {
      argv: ['run', 'repro', '--', ...options],
      line: (text) => {
        const event = parseEvent(text);
        if (event !== undefined) onEvent(event);
      },
      signal: new AbortController().signal,
    },
  );
  if (exitCode === 0) return;
  const how = signal === undefined ? `with exit code ${String(exitCode)}` : `by ${signal}`;
  throw new LabError(`expected \`npm run repro\` to pass; it ended ${how}`, { hint: 'see what it says' });
}
