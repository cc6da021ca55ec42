import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';

export interface Requirement {
  readonly program: string;
  /** Debian's and Ubuntu's package that has it. */
  readonly package: string;
  readonly purpose: string;
}

/** Programs of the host that the VM engine runs. */
export const requirements: readonly Requirement[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'runs the guest' },
  { program: 'qemu-img', package: 'qemu-utils', purpose: "makes the guest's disks" },
  { program: 'mmdebstrap', package: 'mmdebstrap', purpose: 'makes roots from Debian packages' },
  { program: 'mke2fs', package: 'e2fsprogs', purpose: "makes the guest's file system" },
  { program: 'cpio', package: 'cpio', purpose: 'packs the initramfs' },
  { program: 'depmod', package: 'kmod', purpose: "indexes the kernel's modules" },
  { program: 'xz', package: 'xz-utils', purpose: 'unpacks compressed modules' },
  { program: 'tar', package: 'tar', purpose: 'unpacks the kernel package' },
  { program: 'setpriv', package: 'util-linux', purpose: 'ties the guest to the life of lvs-lab' },
];

/** Those of the requirements that are not on PATH (sbin folders included, where a user's PATH may lack them). */
export async function missingRequirements(
  searchPath: string = process.env['PATH'] ?? '',
): Promise<readonly Requirement[]> {
  const found = await Promise.all(requirements.map((requirement) => isOnPath(requirement.program, searchPath)));
  return requirements.filter((_, index) => !found[index]);
}

/** The command that installs them on Debian and Ubuntu. */
export function installCommand(missing: readonly Requirement[]): string {
  const packages = [...new Set(missing.map((requirement) => requirement.package))];
  return `apt-get install -y --no-install-recommends ${[...packages, 'debian-archive-keyring'].join(' ')}`;
}

/** Rejects with the command to type when something is missing. */
export async function wantRequirements(): Promise<void> {
  const missing = await missingRequirements();
  if (missing.length === 0) return;
  const names = missing.map((requirement) => `${requirement.program} (${requirement.purpose})`).join(', ');
  throw new LabError(`the VM engine needs programs that are not installed: ${names}`, {
    hint: `on Debian or Ubuntu: sudo ${installCommand(missing)}`,
  });
}

async function isOnPath(program: string, searchPath: string): Promise<boolean> {
  for (const directory of searchPath.split(path.delimiter)) {
    const found = await access(path.join(directory, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (directory !== '' && found) return true;
  }
  return false;
}
