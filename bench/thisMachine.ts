import { cpus, release, totalmem } from 'node:os';
import type { MachineFacts } from './usage/machineFacts.js';

/** This machine. */
export function thisMachine(): MachineFacts {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  };
}

/** A machine in one line, with the version of Node that measured. */
export function machineText({ processor, processors, memoryGiB, kernel }: MachineFacts): string {
  const node = process.versions.node;
  return `${processors} processors (${processor}), ${memoryGiB} GiB, Linux ${kernel}, Node ${node}`;
}
