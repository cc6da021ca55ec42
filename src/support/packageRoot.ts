import { fileURLToPath } from 'node:url';

/** Absolute path of the package's folder, without a trailing slash; the same from src/support and from dist/support. */
export const packageRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
