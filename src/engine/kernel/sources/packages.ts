import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError, UsageError } from '../../../support/errors.js';
import { hostCommand, isProgramMissing } from '../../../support/exec.js';
import { openRegular } from '../../../support/files/readRegular.js';
import { installCommand } from '../../debian/install.js';
import type { KernelParts } from './kernelParts.js';
import { findInRoot } from './rootTree.js';

export type PackageFormat = 'deb' | 'rpm';

const seconds = 300;

/** The package format that a file's first bytes show; undefined: none. Rejects when the file cannot be opened. */
export async function packageFormat(file: string): Promise<PackageFormat | undefined> {
  await using handle = await openRegular(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
  const magic = buffer.toString('latin1', 0, bytesRead);
  if (magic.startsWith('!<arch>\n')) return 'deb';
  return magic.startsWith('\xed\xab\xee\xdb') ? 'rpm' : undefined;
}

/**
 * Unpacks kernel packages over one another below `work`. One package is enough when it has image and modules; Ubuntu and Fedora split these
 * over several. Rejects with a UsageError for a package of another architecture, a damaged one, and when there is no kernel in them.
 */
export async function unpackPackages(
  files: readonly string[],
  work: string,
  signal: AbortSignal,
): Promise<KernelParts> {
  const root = path.join(work, 'root');
  await mkdir(root);
  for (const file of files) {
    if ((await packageFormat(file)) === 'deb') await unpackDeb(file, root, signal);
    else await unpackRpm(file, root, signal);
  }
  const found = await findInRoot(root);
  const names = files.join(', ');
  if (found === undefined) {
    throw new UsageError(
      `${names}: there is no kernel inside, neither /boot/vmlinuz-* nor lib/modules/*/vmlinuz`,
      {
        hint: 'a package like linux-image-amd64 only names another: give the linux-image-RELEASE (Fedora: kernel-core) package itself',
      },
    );
  }
  return found;
}

/** The error for packages without modules, when the user gave no modules in another way either. */
export function noModulesInside(files: readonly string[]): UsageError {
  return new UsageError(`${files.join(', ')}: there are no modules inside, no lib/modules/*/kernel`, {
    hint: 'give the package that has them with one more --from (Ubuntu: linux-modules-RELEASE and linux-modules-extra-RELEASE; Fedora: kernel-modules-core and kernel-modules)',
  });
}

async function unpackDeb(file: string, root: string, signal: AbortSignal): Promise<void> {
  const ask = ['dpkg-deb', '--field', file, 'Architecture'];
  const architecture = await orDamaged(file, hostCommand(ask, { purpose: `read ${file}`, seconds, signal }));
  if (!['amd64', 'all'].includes(architecture)) {
    throw new UsageError(`${file} is a package for ${architecture}, and the lab boots amd64 kernels`, {
      hint: 'fetch the package for amd64',
    });
  }
  const unpack = ['dpkg-deb', '--extract', file, root];
  await orDamaged(file, hostCommand(unpack, { purpose: `unpack ${file}`, seconds, signal }));
}

async function unpackRpm(file: string, root: string, signal: AbortSignal): Promise<void> {
  const archive = path.join(root, '..', 'rpm.cpio');
  await orDamaged(file, convertRpm(file, archive, signal));
  const flags = ['--extract', '--make-directories', '--no-absolute-filenames', '--quiet'];
  const unpack = ['cpio', ...flags, `--file=${archive}`];
  await orDamaged(file, hostCommand(unpack, { purpose: `unpack ${file}`, seconds, cwd: root, signal }));
  await rm(archive);
}

async function convertRpm(file: string, archive: string, signal: AbortSignal): Promise<void> {
  try {
    const outputFile = archive;
    await hostCommand(['rpm2cpio', file], { purpose: `read ${file}`, seconds, outputFile, signal });
  } catch (error) {
    if (!isProgramMissing(error)) throw error;
    throw new LabError(
      `${file} is an RPM package, and the program rpm2cpio, which opens these, is not installed`,
      { hint: `on Debian or Ubuntu type: ${installCommand(['rpm2cpio'])}`, cause: error },
    );
  }
}

/**
 * Awaits a tool that reads a package. Its failure means that the package is damaged, unless the error has a hint: the tool is missing, or
 * the disk is full.
 */
async function orDamaged<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LabError) || error.hint !== undefined) throw error;
    throw new UsageError(`the package ${file} is damaged or was cut short`, {
      hint: 'fetch it again',
      ...(error.details === undefined ? {} : { details: error.details }),
      cause: error,
    });
  }
}
