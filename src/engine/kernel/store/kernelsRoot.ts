import { homedir } from 'node:os';
import path from 'node:path';

/** Where kernels lie that were added: `$XDG_DATA_HOME/lvs-lab/kernels`, by default below `~/.local/share`. */
export function kernelsRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const data = environment['XDG_DATA_HOME'];
  // The XDG rule: a relative path in these variables is to be ignored.
  const root = data !== undefined && path.isAbsolute(data) ? data : path.join(homedir(), '.local', 'share');
  return path.join(root, 'lvs-lab', 'kernels');
}
