import path from 'node:path';
import { dataRoot } from '../../lifetime/paths.js';

/** Where kernels lie that were added. */
export function kernelsRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(dataRoot(environment), 'kernels');
}
