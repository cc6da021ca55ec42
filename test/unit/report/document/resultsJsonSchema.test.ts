import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsJsonSchemaText } from '../../../../src/report/document/resultsJsonSchema.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

describe('the JSON Schema of results', () => {
  it('is the one in docs/; `npm run schema` writes it', async () => {
    const written = await readFile(join(packageRoot, 'docs/reference/results.schema.json'), 'utf8');
    expect(written).toBe(resultsJsonSchemaText());
  });

  it('names its version, describes each field of the document, and lets later versions add some', () => {
    const schema = JSON.parse(resultsJsonSchemaText()) as {
      properties: Record<string, { const?: unknown; description?: string; $ref?: string }>;
      additionalProperties?: unknown;
    };
    expect(schema.properties['schema']?.const).toBe(2);
    const silent = Object.entries(schema.properties)
      .filter(([name]) => !['schema', 'tool'].includes(name))
      .filter(([, { description }]) => description === undefined);
    expect(silent).toEqual([]);
    expect(schema.additionalProperties).toBeUndefined();
  });
});
