import { Option } from 'commander';

/** Files that results are written to beside what is printed, as commander parses them. */
export interface ReportOptions {
  readonly junit?: string;
  readonly ktap?: string;
}

export function reportOptions(): Option[] {
  return [
    new Option('--junit <file>', 'also write the results as JUnit XML'),
    new Option('--ktap <file>', 'also write the results as KTAP version 1'),
  ];
}

/** `--bisect` as parsed. */
export interface BisectOption {
  readonly bisect?: boolean;
}

export function bisectOption(): Option {
  return (
    new Option(
      '--bisect',
      'exit codes for `git bisect run`: 0 good, 1 bad, 125 cannot be tested, 128 and up stop it',
    )
      // Each of these would call a commit good or bad for a reason that has nothing to do with it.
      .conflicts(['list', 'lastFailed', 'mutate'])
  );
}
