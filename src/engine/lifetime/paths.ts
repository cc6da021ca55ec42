import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Where expensive things are kept: `$XDG_CACHE_HOME/lvs-lab`, by default `~/.cache/lvs-lab`. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(absolute(environment['XDG_CACHE_HOME']) ?? path.join(homedir(), '.cache'), 'lvs-lab');
}

/** Where what nobody could make again is kept: `$XDG_DATA_HOME/lvs-lab`, by default `~/.local/share/lvs-lab`. */
export function dataRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const root = absolute(environment['XDG_DATA_HOME']) ?? path.join(homedir(), '.local', 'share');
  return path.join(root, 'lvs-lab');
}

/**
 * Where running VMs and held sessions keep sockets, keys and overlays. Short, because a Unix socket's path may have no
 * more than 107 bytes, and of this user only.
 */
export function scratchRoot(): string {
  return path.join(tmpdir(), `lvs-lab-${String(userInfo().uid)}`);
}

/** The XDG rule: a relative path in these variables is to be ignored. */
function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
