// `npm run figures`: draws the figures of README and docs from recorded runs, as the page of a run draws them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figures } from './tasks/figures.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'figures');

mkdirSync(folder, { recursive: true });
for (const { name, text } of await figures(join(root, 'test', 'fixtures', 'runs')))
  writeFileSync(join(folder, name), text);
