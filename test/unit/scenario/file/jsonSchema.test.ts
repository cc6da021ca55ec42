import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type JsonSchema,
  scenarioJsonSchema,
  scenarioJsonSchemaText,
} from '../../../../src/scenario/file/jsonSchema.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

describe('the JSON Schema of scenario files', () => {
  it('is the one in scenarios/; `npm run schema` writes it', async () => {
    const written = await readFile(join(packageRoot, 'scenarios/scenario.schema.json'), 'utf8');
    expect(written).toBe(scenarioJsonSchemaText());
  });

  it('describes every key and allows no other', () => {
    const maps = mapsIn(scenarioJsonSchema());
    expect(maps.length).toBeGreaterThan(20);
    for (const map of maps) {
      expect(map.additionalProperties).toBe(false);
      for (const [key, value] of Object.entries(map.properties ?? {})) {
        expect(value.description, `description of ${key}`).toMatch(/^\S.*\S$/);
      }
    }
  });

  it('asks for what has no default, and only for that', () => {
    expect(scenarioJsonSchema()['required']).toEqual(['id', 'title', 'load', 'expect']);
  });

  it('lets a mutation change keys or remove them, without defaults of its own', () => {
    const mutation = scenarioJsonSchema().properties?.['mutation'];
    expect(Object.keys(mutation?.properties ?? {})).toEqual([
      ...[
        'what',
        'topology',
        'director',
        'realserver',
        'client',
        'router',
        'nodes',
        'start',
        'load',
        'flows',
        'events',
        'deadlines',
      ],
    ]);
    const { connections, close } = mutation?.properties?.['load']?.properties ?? {};
    expect(connections?.anyOf?.map(({ type }) => type)).toEqual(['integer', 'null']);
    expect(connections).not.toHaveProperty('default');
    expect(close?.anyOf?.at(-1)).toEqual({ type: 'null' });
  });

  it('takes values as authors write them', () => {
    const { deadlines, director } = scenarioJsonSchema().properties ?? {};
    expect(deadlines?.properties?.['ready']).toMatchObject({ type: 'string', default: '60s' });
    expect(director?.properties?.['iptables']).toMatchObject({ enum: ['nft', 'legacy'], default: 'nft' });
  });
});

/** Every schema of a map with named keys, wherever it is. */
function mapsIn(schema: JsonSchema): JsonSchema[] {
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ].flatMap(mapsIn);
  return schema.properties === undefined ? below : [schema, ...below];
}
