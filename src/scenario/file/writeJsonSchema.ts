// Entry point of `npm run schema`: writes the JSON Schema that the scenario files name in their second line.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { scenarioJsonSchemaText, schemaFile } from './jsonSchema.js';

writeFileSync(join(packageRoot, 'scenarios', schemaFile), scenarioJsonSchemaText());
