/** The fields of a zod issue that this program reads, for any code. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** unrecognized_keys: the keys. */
  readonly keys?: readonly string[];
  /** invalid_union: the issues of each alternative. */
  readonly errors?: readonly (readonly Issue[])[];
  /** invalid_key: what is wrong with the key. */
  readonly issues?: readonly Issue[];
  /** invalid_value: the values allowed. */
  readonly values?: readonly unknown[];
  /** invalid_type: the type's name. */
  readonly expected?: string;
  /** too_big, too_small. */
  readonly origin?: string;
  readonly maximum?: number | bigint;
  readonly minimum?: number | bigint;
  /** custom: `at: 'key'` where the key is the culprit. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}
