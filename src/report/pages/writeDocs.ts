// Entry point of `npm run docs`: writes the pages that are made from the library, and from recorded results.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listScenarios } from '../../scenario/library/library.js';
import { packageRoot } from '../../support/packageRoot.js';
import { compatibilityPage } from './compatibilityPage.js';
import { parseResults } from '../document/parseResults.js';
import { libraryPage } from './libraryPage.js';

const docs = join(packageRoot, 'docs');
const compatibility = 'compatibility/results.json';

writeFileSync(join(docs, 'scenarios.md'), libraryPage(await listScenarios()));
const results = parseResults(readFileSync(join(docs, compatibility), 'utf8'), compatibility, docs);
writeFileSync(join(docs, 'compatibility.md'), compatibilityPage(results, compatibility));
