import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { programFile } from '../../support/programFile.js';
import { filterAsync } from '../../support/filterAsync.js';
import { installCommand } from '../debian/install.js';

/** A program or file of this machine that the VM engine uses. */
export interface RequiredProgram {
  /** A program on PATH, or the absolute path of a file. */
  readonly program: string;
  /** The package of Debian and Ubuntu that contains it. */
  readonly package: string;
  readonly purpose: string;
}

const always: readonly RequiredProgram[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'runs the guest' },
  { program: 'qemu-img', package: 'qemu-utils', purpose: "makes the guest's disks" },
  { program: 'mmdebstrap', package: 'mmdebstrap', purpose: 'makes roots from Debian packages' },
  {
    program: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    purpose: "proves that packages are Debian's",
  },
  { program: 'mke2fs', package: 'e2fsprogs', purpose: "makes the guest's file system" },
  { program: 'cpio', package: 'cpio', purpose: 'packs the initramfs' },
  { program: 'depmod', package: 'kmod', purpose: "indexes the kernel's modules" },
  { program: 'xz', package: 'xz-utils', purpose: 'unpacks compressed modules' },
  { program: 'setpriv', package: 'util-linux', purpose: 'ties the guest to the life of lvs-lab' },
];

/** Programs that are needed without root only: mmdebstrap then makes its trees in a user namespace. */
const withoutRoot: readonly RequiredProgram[] = [
  { program: 'newuidmap', package: 'uidmap', purpose: 'lets mmdebstrap work without root' },
];

/** All programs of this machine that the VM engine uses. */
export function requiredPrograms(): readonly RequiredProgram[] {
  return process.getuid?.() === 0 ? always : [...always, ...withoutRoot];
}

/** Folders of programs such as mke2fs and depmod, which a user's PATH may lack. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The required programs that are neither in a folder of this PATH nor in the system's folders. */
export async function missingPrograms(
  searchPath: string = process.env['PATH'] ?? '',
): Promise<readonly RequiredProgram[]> {
  const folders = [searchPath, ...systemFolders].join(path.delimiter);
  return filterAsync(requiredPrograms(), async ({ program }) => !(await isThere(program, folders)));
}

/** Rejects with the command to type when a program is missing. */
export async function refuseMissingPrograms(): Promise<void> {
  const missing = await missingPrograms();
  if (missing.length === 0) return;
  const names = missing.map(({ program, purpose }) => `${program} (${purpose})`).join(', ');
  throw new LabError(`the VM engine needs what is not installed: ${names}`, {
    hint: `on Debian or Ubuntu type: ${installCommand(missing.map((one) => one.package))}`,
  });
}

/** Whether a program is in the search path; one given by its own path need only be readable. */
async function isThere(program: string, searchPath: string): Promise<boolean> {
  if (!path.isAbsolute(program)) return programFile(program, searchPath) !== undefined;
  return access(program, constants.R_OK).then(
    () => true,
    () => false,
  );
}
