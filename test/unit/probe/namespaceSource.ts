import { join } from 'node:path';
import { packageRoot } from '../../../src/support/packageRoot.js';

/** What runs in a namespace, from its sources: tests do not need what is built. */
export const namespaceSource = ['--import', 'tsx', join(packageRoot, 'lab/namespace/main.ts')] as const;
