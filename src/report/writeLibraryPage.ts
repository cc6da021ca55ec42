// Entry point of `npm run docs`: writes the page about the library's scenarios.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listScenarios } from '../scenario/library.js';
import { packageRoot } from '../support/packageRoot.js';
import { libraryPage } from './libraryPage.js';

writeFileSync(join(packageRoot, 'docs', 'scenarios.md'), libraryPage(await listScenarios()));
