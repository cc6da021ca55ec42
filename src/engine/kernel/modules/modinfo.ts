import { hostCommand } from '../../../support/exec.js';

/**
 * One field of each module's `.modinfo`, in their order; modules that lack the field are left out. Rejects with LabError when a file is no
 * module. Source: modinfo(8).
 */
export async function modinfo(
  field: 'depends' | 'name' | 'sig_id' | 'vermagic',
  files: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const output = await hostCommand(['modinfo', '--null', '--field', field, ...files], {
    purpose: "read the kernel's modules",
    seconds: 60,
    signal,
  });
  // The kernel's makefiles leave a space at the end of vermagic.
  return output
    .split('\0')
    .slice(0, -1)
    .map((value) => value.trim());
}
