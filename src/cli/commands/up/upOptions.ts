import { Option } from '@commander-js/extra-typings';
import type { ParsedOptions } from '../../options/declared.js';
import { childArguments } from '../../options/childArguments.js';
import { engineOptions, hiddenOption, progressOption } from '../../options/options.js';

/** Options of `up`, in the order of its `--help`. */
export function upOptions() {
  return [
    new Option('--out <dir>', 'where console and log go (default: runs/DATE-TIME-ID)'),
    hiddenOption('--foreground', 'hold the lab in this process'),
    progressOption(),
    ...engineOptions(),
  ] as const;
}

export type UpOptions = ParsedOptions<ReturnType<typeof upOptions>>;

/** Options that the parent keeps for itself, with the reason for each; it passes all others on to the process that holds the lab. */
export const keptByUp = {
  out: "the process gets a folder below this one's",
  foreground: 'the process always gets it',
  progress: 'the process tells its events to this one, which shows them',
} as const satisfies Partial<Record<keyof UpOptions, string>>;

/** The command line that makes another process hold the lab which these options describe. */
export function holderArgv(
  scenarioFile: string,
  directory: string,
  options: Partial<UpOptions>,
): readonly string[] {
  return [
    ...['up', scenarioFile, '--foreground', '--out', directory],
    ...childArguments(upOptions(), options, keptByUp),
  ];
}
