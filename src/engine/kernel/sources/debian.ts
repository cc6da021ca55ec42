import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../../support/errors.js';
import { hostCommand } from '../../../support/exec.js';
import type { Downloading } from '../../port/download.js';
import { bootstrap } from '../../debian/mmdebstrap.js';
import type { KernelParts } from './kernelParts.js';
import { findInRoot } from './rootTree.js';

/** Debian suites whose `linux-image-amd64` the lab knows how to fetch. */
export const debianSuites = [
  'bullseye',
  'bookworm',
  'bookworm-backports',
  'trixie',
  'trixie-backports',
  'sid',
] as const;

/** The parts of the package that are unpacked, wherever the suite puts them; a star also stands for slashes. */
const wanted = ['./*/vmlinuz*', './*/config*', './*lib/modules/*'];

/** Downloads a suite's kernel package and unpacks the wanted parts below `work`. */
export async function fetchDebianKernel(
  suite: string,
  work: string,
  downloading: Downloading,
): Promise<KernelParts> {
  const archive = path.join(work, 'kernel.tar');
  const root = path.join(work, 'root');
  await bootstrap({
    purpose: `fetch the kernel of Debian ${suite}`,
    suite,
    variant: 'extract',
    packages: ['linux-image-amd64'],
    output: archive,
    ...downloading,
  });
  await mkdir(root);
  await hostCommand(['tar', '-x', '-f', archive, '-C', root, '--wildcards', ...wanted], {
    purpose: `unpack the kernel of Debian ${suite}`,
    seconds: 120,
    signal: downloading.signal,
  });
  await rm(archive);
  const found = await findInRoot(root);
  if (found === undefined) throw new LabError(`Debian ${suite}'s linux-image-amd64 brought no vmlinuz`);
  return found;
}
