import type { EngineOptions, ProgressOption } from '../../options/options.js';

/** Options of `up`, as commander parses them. */
export interface UpOptions extends EngineOptions, ProgressOption {
  readonly foreground?: boolean;
  readonly out?: string;
}

/** The command line that makes another process hold the lab which these options describe. */
export function foregroundArgv(scenarioFile: string, directory: string, options: UpOptions): string[] {
  const { engine, accel, image, kernel } = options;
  return [
    ...['up', scenarioFile, '--foreground', '--out', directory],
    ...['--engine', engine, '--accel', accel, '--image', image],
    ...(kernel === undefined ? [] : ['--kernel', kernel]),
  ];
}
