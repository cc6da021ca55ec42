import type { JsonSchema } from './jsonSchema.js';

type Path = readonly PropertyKey[];

/** The keys that the map at `path` may have. */
export function knownKeys(schema: JsonSchema, path: Path): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap((one) => Object.keys(one.properties ?? {})))];
}

/** The schema's description of the key at `path`; undefined: it has none. */
export function keyText(schema: JsonSchema, path: Path): string | undefined {
  return schemasAt(schema, path).find((one) => one.description !== undefined)?.description;
}

/** The schemas that apply to a path; several where there are alternatives. */
function schemasAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, segment) => schemas.flatMap((one) => step(one, segment)),
    alternatives(schema),
  );
}

function step(schema: JsonSchema, segment: PropertyKey): readonly JsonSchema[] {
  const child = schema.properties?.[String(segment)] ?? schema.additionalProperties ?? schema.items;
  return typeof child === 'object' ? alternatives(child) : [];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(alternatives)];
}
