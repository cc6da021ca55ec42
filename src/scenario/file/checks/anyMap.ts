/** A map from a file, with any contents. */
export type AnyMap = Readonly<Record<string, unknown>>;

/** Whether a value is what YAML calls a map. */
export function isMap(value: unknown): value is AnyMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
