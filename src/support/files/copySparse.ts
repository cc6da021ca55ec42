import { hostCommand } from '../exec.js';

/** Copies a file that has holes, and shares what the file system can share. */
export async function copySparse(from: string, to: string, signal: AbortSignal): Promise<void> {
  await hostCommand(['cp', '--sparse=always', '--reflink=auto', from, to], {
    purpose: "copy a machine's memory",
    seconds: 300,
    signal,
  });
}
