import type { FileLine } from './sourceFile.js';

/** What is done with something that was not understood. */
export const treatments = ['refused', 'left out', 'noted'] as const;

/** Something in a site's files that was not understood, or is not there. */
export interface SiteProblem {
  /**
   * `refused`: there is no answer before it is mended; `left out`: the answer does not need it, or says where it does; `noted`: it is in the
   * answer as the message says, and there is more to give.
   */
  readonly done: (typeof treatments)[number];
  readonly at: Omit<FileLine, 'text'> | undefined;
  readonly message: string;
}
