import { chmod, copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { packageRoot } from '../../support/packageRoot.js';
import { readDated, snapshotMirror } from './datedSuite.js';
import { cacheRoot } from '../lifetime/paths.js';
import type { Downloading } from '../port/download.js';
import { aptLines } from './aptDownload.js';
import { ownerTag } from '../lifetime/owner.js';

export interface BootstrapRequest extends Downloading {
  readonly purpose: string;
  /** `SUITE-backports` is the suite with its backports preferred, `SUITE@DATE` the suite as it was. */
  readonly suite: string;
  /** The variant of mmdebstrap: `extract` only unpacks packages, `essential` configures them. */
  readonly variant: 'extract' | 'essential';
  readonly packages: readonly string[];
  /** Shell commands that run when everything is installed; `$1` is the root directory. */
  readonly customizeHooks?: readonly string[];
  /** Where the result goes, a path ending in .tar; undefined: only what the hooks produce is wanted. */
  readonly output: string | undefined;
}

/** Files that nobody reads in a lab. Without them roots and images are smaller, and load faster under emulation. */
const leftOut = ['doc', 'man', 'locale', 'info', 'bash-completion', 'zsh'].map(
  (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
);

/** Suites without a package usr-is-merged: the hook for it fails there, and they do not need it. */
const beforeMergedUsr = ['bullseye'];

const seconds = 900;

/** The argv of an mmdebstrap call. The mirror is mmdebstrap's default, `LVS_LAB_DEBIAN_MIRROR`, or for a date what `snapshotMirror` says. */
export function bootstrapArgv(
  request: Omit<BootstrapRequest, keyof Downloading | 'purpose'>,
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const { suite: wanted, date } = readDated(request.suite);
  const mirror =
    date === undefined ? environment['LVS_LAB_DEBIAN_MIRROR'] : snapshotMirror(date, environment);
  const suite = wanted.replace(backports, '');
  const merged = request.variant === 'essential' && !beforeMergedUsr.includes(suite);
  return [
    'mmdebstrap',
    // With what apt says of its downloads.
    '--verbose',
    `--variant=${request.variant}`,
    // usr-is-merged keeps apt from choosing usrmerge, which drags Perl in.
    ...(merged ? ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr'] : []),
    `--include=${[...request.packages, ...(merged ? ['usr-is-merged'] : [])].join(',')}`,
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=Acquire::Retries "3"',
    ...(suite === wanted ? [] : backportsOptions(suite, wanted)),
    ...leftOut,
    ...(request.customizeHooks ?? []).map((hook) => `--customize-hook=${hook}`),
    ...(request.output === undefined ? ['--format=null'] : ['--format=tar']),
    suite,
    request.output ?? '-',
    ...(mirror === undefined || mirror === '' ? [] : [mirror]),
  ];
}

/** The environment variable that tells hooks where the scripts of lab/hooks are. */
const hooksVariable = 'LVS_LAB_HOOKS';

/** A hook that runs a script of lab/hooks with the root directory and these plain words. */
export function scriptHook(name: string, ...words: readonly string[]): string {
  return ['sh', `"$${hooksVariable}/${name}"`, '"$1"', ...words].join(' ');
}

const backports = /-backports$/;

function backportsOptions(suite: string, wanted: string): readonly string[] {
  return [
    `--setup-hook=${scriptHook('add-backports.sh', suite, wanted)}`,
    `--aptopt=APT::Default-Release "${wanted}"`,
  ];
}

/** How the name of each call's work folder begins. The owner's tag follows, so that `clean` can recognise what was left. */
export const workFolder = 'lvs-lab-mmdebstrap';

/** The mode of the work folder under root: apt's own user must be able to reach the root inside, and nothing else. */
const modeForRoot = 0o711;
/**
 * The mode of the work folder without root. mmdebstrap then makes the root there as the first of this user's subordinate ids, which is a
 * stranger to the folder. So the folder has to be open to strangers, like the one around it; nobody can remove or replace what others have
 * in it.
 */
const modeForOthers = 0o1777;

/** Makes a Debian root from packages, without any image registry. */
export async function bootstrap(request: BootstrapRequest): Promise<void> {
  // A folder of our own, for mmdebstrap leaves things behind when it is ended.
  const work = await mkdtemp(path.join(tmpdir(), `${workFolder}-${await ownerTag()}-`));
  await chmod(work, process.getuid?.() === 0 ? modeForRoot : modeForOthers);
  try {
    const hooks = await copyHooks(work);
    await hostCommand(bootstrapArgv(request), {
      purpose: request.purpose,
      seconds,
      tied: true,
      env: { TMPDIR: work, [hooksVariable]: hooks, LC_ALL: 'C.UTF-8' },
      // The root is made in the one, and what comes of it written to the other.
      rooms: [
        { directory: tmpdir(), setting: 'TMPDIR' },
        { directory: cacheRoot(), setting: 'XDG_CACHE_HOME' },
      ],
      signal: request.signal,
      ...(request.tell === undefined ? {} : { onLine: aptLines(request.tell) }),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Copies the scripts of lab/hooks to where a stranger can read them: without root, mmdebstrap runs as one, and this user's home may be closed. */
async function copyHooks(work: string): Promise<string> {
  const folder = path.join(work, 'hooks');
  const own = path.join(packageRoot, 'lab', 'hooks');
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const name of await readdir(own)) {
    await copyFile(path.join(own, name), path.join(folder, name));
    await chmod(path.join(folder, name), 0o755);
  }
  return folder;
}
