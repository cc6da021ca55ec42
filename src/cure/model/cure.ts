import type { Prediction } from '../../prediction/predict.js';
import type { Site } from '../../site/model/site.js';
import type { FileLine } from '../../site/model/sourceFile.js';
import type { Openings } from './openings.js';

/** What a person types on the director, and what it is for. */
export interface Commands {
  readonly apply: readonly string[];
  readonly check: readonly string[];
  readonly back: readonly string[];
  /** How it stays over a restart, by what manages the rules. */
  readonly keep: readonly string[];
}

/** A change of the site's own files with which nothing is in the way of its services any more. */
export interface Cure {
  /** What it does, in words. */
  readonly title: string;
  /** The change as a unified diff; empty: no file changes. */
  readonly patch: string;
  /** Settings of the kernel that change. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
  /** What it lets in that was kept out; undefined: too much to be listed. */
  readonly opens: Openings | undefined;
  /** What else it brings. */
  readonly costs: readonly string[];
  readonly commands: Commands;
  /** The site with this change, and what is predicted of it: every service healthy. */
  readonly changed: { readonly site: Site; readonly prediction: Prediction };
}

/** The cures of a site, the best first, or why there is none. */
export interface Cures {
  readonly cures: readonly Cure[];
  /** Why there is none, with the line that it depends on. */
  readonly without:
    { readonly at: Pick<FileLine, 'file' | 'line'> | undefined; readonly why: string } | undefined;
}
