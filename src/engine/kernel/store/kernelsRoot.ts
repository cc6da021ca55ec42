import path from 'node:path';
import { dataRoot } from '../../lifetime/paths.js';

/** The folder of all added kernels. */
export function kernelsRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(dataRoot(environment), 'kernels');
}
