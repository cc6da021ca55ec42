import { z } from 'zod';
import { checkDocumentSchema } from './predictionDocument.js';

/** The text of docs/reference/check.schema.json: a JSON Schema (2020-12) of what `check --json` prints. */
export function predictionJsonSchemaText(): string {
  // As read: a later version of lvs-lab may write fields that this one does not know.
  const { $schema, ...rest } = z.toJSONSchema(checkDocumentSchema, { io: 'input' });
  const schema = {
    $schema,
    description: 'Schema version 1 of what `lvs-lab check --json` prints; docs/check.md says more.',
    ...rest,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
