import type { PlannedCommand } from '../../model/planTypes.js';

/** Makes a planned command of its words. */
export function command(purpose: string, argv: readonly string[]): PlannedCommand {
  return { purpose, argv };
}

/** The command that sets sysctls, all in one process; no command when there are none. */
export function sysctlCommand(
  purpose: string,
  sysctls: Readonly<Record<string, string>>,
): readonly PlannedCommand[] {
  const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}`);
  return settings.length === 0 ? [] : [command(purpose, ['sysctl', '-qw', ...settings])];
}
