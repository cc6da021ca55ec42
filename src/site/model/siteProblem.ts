import type { FileLine } from './sourceFile.js';

/** Something in a site's files that was not understood, or is not there. */
export interface SiteProblem {
  /** `refused`: there is no answer before it is mended; `left out`: the answer does not need it, or says where it does. */
  readonly done: 'refused' | 'left out';
  readonly at: Omit<FileLine, 'text'> | undefined;
  readonly message: string;
}
