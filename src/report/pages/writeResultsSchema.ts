// Entry point of `npm run schema`: writes the JSON Schemas of the results and of what `check` prints.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { predictionJsonSchemaText } from '../check/document/predictionJsonSchema.js';
import { resultsJsonSchemaText } from '../document/resultsJsonSchema.js';

writeFileSync(join(packageRoot, 'docs', 'reference', 'results.schema.json'), resultsJsonSchemaText());
writeFileSync(join(packageRoot, 'docs', 'reference', 'check.schema.json'), predictionJsonSchemaText());
