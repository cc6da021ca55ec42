import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from './packageRoot.js';
import { parseJson } from './parseJson.js';

/** What is read of a package.json. */
export const packageSchema = z.object({ version: z.string() });

/** The version in package.json. */
export function toolVersion(): string {
  return parseJson(packageSchema, readFileSync(path.join(packageRoot, 'package.json'), 'utf8')).version;
}
