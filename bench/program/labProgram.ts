import path from 'node:path';
import { packageRoot } from '../../src/support/packageRoot.js';

/** The program as it was built last: the benchmarks' npm scripts build it first. */
export const labProgram: string = path.join(packageRoot, 'dist/cli/main.js');
