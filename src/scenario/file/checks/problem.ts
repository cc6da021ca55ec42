/** Something wrong between keys that are right by themselves. `path` is below the section that was checked. */
export interface CrossProblem {
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  /** Of the text at `path`, counted from 1; left out: it is all of the value, or no text. */
  readonly line?: number;
  readonly message: string;
}
