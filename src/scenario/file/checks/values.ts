/** A map of a file that may hold anything. */
export type AnyMap = Readonly<Record<string, unknown>>;

/** True for what YAML calls a map. */
export function isMap(value: unknown): value is AnyMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
