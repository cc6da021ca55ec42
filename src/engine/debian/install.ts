import { access } from 'node:fs/promises';
import { LabError } from '../../support/errors.js';
import type { TellDownload } from '../port/download.js';
import { aptLines } from './aptDownload.js';
import { hostCommand } from '../../support/exec.js';

const seconds = 900;

/** The command that installs packages on Debian and Ubuntu, to be typed by a user. */
export function installCommand(packages: readonly string[]): string {
  return `sudo apt-get install -y --no-install-recommends ${[...new Set(packages)].join(' ')}`;
}

/** Installs Debian packages on this machine. Rejects with the command to type when this user or this system cannot do that. */
export async function installPackages(
  packages: readonly string[],
  signal: AbortSignal,
  tell: TellDownload = () => undefined,
): Promise<void> {
  const isDebian = await access('/etc/debian_version').then(
    () => true,
    () => false,
  );
  if (!isDebian) {
    throw new LabError(
      `these have to be installed by hand, for this is neither Debian nor Ubuntu: ${packages.join(' ')}`,
      {
        hint: 'the names are Debian packages; find the same programs in your distribution',
      },
    );
  }
  if (process.getuid?.() !== 0) {
    throw new LabError(`these packages have to be installed by root: ${packages.join(' ')}`, {
      hint: `type: ${installCommand(packages)}`,
    });
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  await hostCommand(['apt-get', 'update', '-q'], {
    purpose: 'update the package lists',
    seconds,
    env,
    signal,
  });
  await hostCommand(['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...new Set(packages)], {
    purpose: `install ${packages.join(' ')}`,
    seconds,
    env,
    signal,
    onLine: aptLines(tell),
  });
}
