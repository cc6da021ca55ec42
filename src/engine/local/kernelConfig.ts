import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import type { KernelConfigDigest } from '../../contracts/identities.js';

/**
 * The configuration that this machine keeps of an engine's kernel, as distributions do in /boot. Undefined when the engine runs on another
 * kernel (on another machine, or in a VM of Docker's own), and when there is no such file.
 */
export async function hostKernelConfig(
  kernel: string,
  { boot = '/boot', running = release() }: { readonly boot?: string; readonly running?: string } = {},
): Promise<KernelConfigDigest | undefined> {
  if (kernel !== running) return undefined;
  const file = path.join(boot, `config-${kernel}`);
  const text = await readFile(file).catch(() => undefined);
  if (text === undefined) return undefined;
  return { sha256: createHash('sha256').update(text).digest('hex'), from: file };
}
