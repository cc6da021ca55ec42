/** Something wrong between keys that are right by themselves. `path` is below the section that was checked. */
export interface CrossProblem {
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  readonly message: string;
}
