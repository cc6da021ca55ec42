import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** The folder of things that take long to make: `$XDG_CACHE_HOME/lvs-lab`, by default `~/.cache/lvs-lab`. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(absolute(environment['XDG_CACHE_HOME']) ?? path.join(homedir(), '.cache'), 'lvs-lab');
}

/** The folder of things that nobody could make again: `$XDG_DATA_HOME/lvs-lab`, by default `~/.local/share/lvs-lab`. */
export function dataRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const root = absolute(environment['XDG_DATA_HOME']) ?? path.join(homedir(), '.local', 'share');
  return path.join(root, 'lvs-lab');
}

/**
 * The folder where running VMs and held sessions keep sockets, keys and overlays. Its path is short, because that of a Unix socket may have
 * no more than 107 bytes, and it belongs to this user alone.
 */
export function scratchRoot(): string {
  return path.join(tmpdir(), `lvs-lab-${String(userInfo().uid)}`);
}

/** An absolute path as it is; undefined for a relative one, which XDG says to ignore in these variables. */
function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
