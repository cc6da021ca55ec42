/** A type whose members, however deep, can only be read: what a schema gives, as the program hands it around. */
export type Immutable<T> = T extends readonly (infer Each)[]
  ? readonly Immutable<Each>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T;
