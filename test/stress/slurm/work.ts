import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { main } from '../../integration/support/commandLine.js';
import { recorded, recordedSubnet } from '../../unit/run/fakeEngine.js';

/** What the tasks of an array do. */
interface Work {
  readonly name: string;
  /** The `lvs-lab` of a folder. */
  program(folder: string): string;
  /** Four scenarios, as arguments of `run`. */
  scenarios(folder: string): readonly string[];
  /** The exit code of all four together. */
  readonly exitCode: number;
  /** About how long a task takes. */
  readonly taskSeconds: number;
  /** The environment of the tasks. */
  readonly env: NodeJS.ProcessEnv;
}

/** Runs of the lab's VM, with this machine's cache. */
const lab: Work = {
  name: 'the lab',
  program: (folder) =>
    [
      '#!/bin/bash',
      // Two machines have a temporary folder each.
      `export TMPDIR=${folder}/tmp-$HOSTNAME; mkdir -p "$TMPDIR"`,
      `exec ${process.execPath} ${main} "$@"`,
      '',
    ].join('\n'),
  scenarios: () => [
    'close/server-first',
    'close/server-first-fixed',
    'close/client-first',
    'close/client-first-fixed',
  ],
  exitCode: 0,
  taskSeconds: 15,
  env: cacheOf(process.env),
};

/** Runs on a recorded lab: the Slurm part alone, where there is no time or no room for VMs. */
const recordedLab: Work = {
  name: 'a recorded lab',
  program: () => {
    const loader = pathToFileURL(path.join(packageRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
    const program = path.join(import.meta.dirname, 'recordedLab.ts');
    return `#!/bin/bash\nexec ${process.execPath} --import ${loader} ${program} "$@"\n`;
  },
  scenarios: (folder) => [1, 2, 3, 4].map((number) => recordedScenario(folder, number)),
  // Two of the four expect something else than what was recorded.
  exitCode: 1,
  taskSeconds: 6,
  env: { RECORDED_SECONDS: '2' },
};

/** SLURM_WORK=recorded or lab. */
const works: Readonly<Record<string, Work>> = { lab, recorded: recordedLab };
const chosen = works[process.env['SLURM_WORK'] ?? 'lab'];
if (chosen === undefined)
  throw new RangeError(`expected SLURM_WORK to be one of ${Object.keys(works).join(', ')}`);

export const theWork = {
  ...chosen,
  /** Runs all four in one run; resolves with its directory. */
  unsharded: async (folder: string): Promise<string> => {
    const out = path.join(folder, 'whole');
    const argv = ['run', ...chosen.scenarios(folder), '--engine', 'vm', '--out', out];
    const env = { ...process.env, ...chosen.env };
    await new Promise<void>((resolve, reject) => {
      execFile(path.join(folder, 'bin', 'lvs-lab'), argv, { env }, (error, stdout, stderr) => {
        if ((error?.code ?? 0) === chosen.exitCode) resolve();
        else reject(new Error(`the run without Slurm failed:\n${stdout}${stderr}`, { cause: error }));
      });
    });
    return out;
  },
  /** What tasks, the merge and the daemons had to say, for a test that failed. */
  logs: (folder: string): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.log') && name !== 'munged.log')
      .map((name) => `== ${name}\n${readFileSync(path.join(folder, name), 'utf8').slice(-6_000)}`),
};

function cacheOf({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { XDG_CACHE_HOME: XDG_CACHE_HOME ?? path.join(HOME ?? '/root', '.cache') };
}

/** The recorded scenario under a name of its own. */
function recordedScenario(folder: string, number: number): string {
  const scenarios = path.join(folder, 'scenarios');
  if (!existsSync(scenarios)) mkdirSync(scenarios);
  const file = path.join(scenarios, `recorded-${String(number)}.yaml`);
  const text = readFileSync(path.join(recorded, 'scenario.yaml'), 'utf8')
    .replace(/^id: .*$/m, `id: recorded/${String(number)}`)
    .replace(/^load:$/m, `topology: { subnet: ${recordedSubnet} }\nload:`);
  writeFileSync(
    file,
    number % 2 === 0 ? text : text.replace(/^expect:\n[^]*/m, 'expect: { outcome: healthy }\n'),
  );
  return file;
}
