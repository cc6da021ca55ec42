import * as z from 'zod';
import { scenarioSchema } from './scenarioSchema.js';

/** The part of JSON Schema that zod writes for scenario files and this program reads again. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The JSON Schema (2020-12) of scenario files as authors write them, for editors. */
export function scenarioJsonSchema(): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return {
    $schema,
    title: 'lvs-lab scenario',
    description: 'One behaviour of LVS and netfilter: topology, rules, load, and what must be found.',
    ...rest,
  } as JsonSchema;
}

/** The schema's file, in the library and in a run's directory: what a scenario says of it, `$schema=../scenario.schema.json`, leads there in both. */
export const schemaFile = 'scenario.schema.json';

/** The text of that file. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
