import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';

/** Shells that there is completion for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that a shell reads to complete command lines. */
export function completionScript(shell: Shell): string {
  return readFileSync(join(packageRoot, 'completions', `lvs-lab.${shell}`), 'utf8');
}
