/**
 * Makes all members of a type read-only, at every depth. Schemas give mutable types, and the program passes values on as these. An error
 * stays what it is.
 */
export type Immutable<T> = T extends Error
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Immutable<Each>[]
    : T extends object
      ? { readonly [Name in keyof T]: Immutable<T[Name]> }
      : T;
