import { installCommand, installPackages } from '../../../src/engine/debian/install.js';
import { LabError } from '../../../src/support/errors.js';
import { programFile } from '../../../src/support/programFile.js';

/** What a Slurm in namespaces of this machine needs, and the Debian packages that have it. */
const packages = {
  slurmctld: 'slurmctld',
  slurmd: 'slurmd',
  sbatch: 'slurm-client',
  munged: 'munge',
  ip: 'iproute2',
  unshare: 'util-linux',
} as const;

type Program = keyof typeof packages;
const programs = Object.keys(packages) as readonly Program[];

/** Installs Debian's packages of the programs that are not there. Rejects with LabError that has the command to type when that cannot be done. */
export async function installSlurm(searchPath: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new LabError('a Slurm in namespaces of its own is started by root only', {
      hint: 'type: sudo npm run stress -- slurm',
    });
  const missing = missingIn(searchPath);
  if (missing.length === 0) return;
  await installPackages(
    missing.map((program) => packages[program]),
    new AbortController().signal,
  );
  const still = missingIn(searchPath);
  if (still.length === 0) return;
  throw new LabError(`programs of Slurm are missing: ${still.join(', ')}`, {
    hint: `on Debian type: ${installCommand(still.map((program) => packages[program]))}`,
  });
}

function missingIn(searchPath: string): readonly Program[] {
  return programs.filter((program) => programFile(program, searchPath) === undefined);
}
