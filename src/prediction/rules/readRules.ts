import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { Chains } from '../model/filter.js';

/** The chains of texts of one kind, and what of them cannot be read. */
export interface ReadRules {
  readonly chains: Chains;
  readonly problems: readonly SiteProblem[];
}
