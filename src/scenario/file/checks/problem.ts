import type { KeyPath } from '../../model/place.js';
import type { MemberPart } from '../../../contracts/words/memberPart.js';

/** A contradiction between keys that are valid by themselves. `path` is below the section that was checked. */
export interface CrossProblem {
  readonly path: KeyPath;
  readonly at: MemberPart;
  /** The line of the text at `path`, counted from 1; left out: the whole value is meant, or it is no text. */
  readonly line?: number;
  readonly message: string;
}
