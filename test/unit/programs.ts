import { createRequire } from 'node:module';

/** What begins the command line of a program of these tests that is written in TypeScript; its file and arguments follow. */
export const nodeForTypeScript: readonly string[] = [
  process.execPath,
  '--import',
  createRequire(import.meta.url).resolve('tsx'),
];
