import type { VmSize } from '../../engine/vm/qemu/machineArgs.js';

/** Bytes that a VM needs beside its guest's memory: QEMU's translated code, a gigabyte under emulation, and the process that runs the jobs. */
const overheadBytes = 1.5e9;

/** How many VMs of one size a machine can run at a time, each with processors and memory of its own; at least one. */
export function vmCapacity(
  { processors, memoryBytes }: { readonly processors: number; readonly memoryBytes: number },
  { cpus, memory }: Pick<VmSize, 'cpus' | 'memory'>,
): number {
  const bytes = memory * 2 ** 20 + overheadBytes;
  return Math.max(1, Math.min(Math.floor(processors / cpus), Math.floor(memoryBytes / bytes)));
}
