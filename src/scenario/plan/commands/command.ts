import type { PlannedCommand } from '../../model/planTypes.js';

/** A planned command from its words. */
export function command(purpose: string, argv: readonly string[]): PlannedCommand {
  return { purpose, argv };
}

/** Sets sysctls, all in one process; none, no command. */
export function sysctlCommand(
  purpose: string,
  sysctls: Readonly<Record<string, string>>,
): readonly PlannedCommand[] {
  const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}`);
  return settings.length === 0 ? [] : [command(purpose, ['sysctl', '-qw', ...settings])];
}
