import type { MachineShape } from '../../engine/vm/machineArgs.js';

/** Beside the guest's memory: QEMU's translated code, which is a gigabyte when it is emulating, and the process that runs the jobs. */
const overheadBytes = 1.5e9;

/** How many VMs of one shape a machine has room for at a time: each needs its processors and its memory for itself. At least one. */
export function roomForVms(
  { processors, memoryBytes }: { readonly processors: number; readonly memoryBytes: number },
  { cpus, memory }: Pick<MachineShape, 'cpus' | 'memory'>,
): number {
  const bytes = memory * 2 ** 20 + overheadBytes;
  return Math.max(1, Math.min(Math.floor(processors / cpus), Math.floor(memoryBytes / bytes)));
}
