import * as z from 'zod';

type Shape = Readonly<Record<string, z.ZodType>>;

/** A shape's keys as changes of it: each may be left out (unchanged), given (replaced) or null (removed). */
export function shapeChanges<T extends Shape>(
  shape: T,
): { readonly [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> } {
  const entries = Object.entries(shape).map(([key, schema]) => [
    key,
    withoutDefault(schema)
      .nullable()
      .optional()
      .describe(schema.description ?? ''),
  ]);
  return Object.fromEntries(entries) as { readonly [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> };
}

/** A schema without its default, because a key that is left out keeps what it had. */
function withoutDefault(schema: z.ZodType): z.ZodType {
  const isWrapped = schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? withoutDefault(schema.unwrap() as z.ZodType) : schema;
}
