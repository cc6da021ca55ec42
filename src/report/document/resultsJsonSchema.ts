import { z } from 'zod';
import { resultDocumentSchema } from './documentSchema.js';

/** The text of docs/reference/results.schema.json: a JSON Schema (2020-12) of what `--json` prints. */
export function resultsJsonSchemaText(): string {
  // As read: a later version of lvs-lab may write fields that this one does not know.
  const { $schema, ...rest } = z.toJSONSchema(resultDocumentSchema, { io: 'input' });
  const schema = {
    $schema,
    title: 'lvs-lab results',
    description:
      'Schema version 2 of what `lvs-lab run --json` prints and results.json holds; docs/use/ci.md says more.',
    ...rest,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
