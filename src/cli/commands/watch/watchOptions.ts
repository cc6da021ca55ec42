import { Option } from '@commander-js/extra-typings';
import type { ParsedOptions } from '../../options/declared.js';
import { engineOptions, progressOption } from '../../options/options.js';

/** Options of `watch`, in the order of its `--help`. */
export function watchOptions() {
  return [
    new Option('--explain', 'in every round say what is to blame where connections are not healthy'),
    new Option('--out <dir>', 'where the evidence of the rounds goes (default: runs/DATE-TIME-ID)'),
    progressOption(),
    ...engineOptions(),
  ] as const;
}

export type WatchOptions = ParsedOptions<ReturnType<typeof watchOptions>>;
