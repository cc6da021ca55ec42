import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { predictionJsonSchemaText } from '../../../../../src/report/check/document/predictionJsonSchema.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';

it('the schema in docs is that of the code (npm run schema)', async () => {
  expect(await readFile(join(packageRoot, 'docs/reference/check.schema.json'), 'utf8')).toBe(
    predictionJsonSchemaText(),
  );
});
