// Entry point of `npm run schema`: writes the JSON Schema of the results.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { resultsJsonSchemaText } from '../document/resultsJsonSchema.js';

writeFileSync(join(packageRoot, 'docs', 'results.schema.json'), resultsJsonSchemaText());
