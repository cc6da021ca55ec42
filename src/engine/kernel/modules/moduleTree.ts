import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { hostCommand } from '../../../support/exec.js';
import { readRegularText } from '../../../support/files/readRegular.js';
import { modinfo } from './modinfo.js';
import { isModule, isWanted, moduleName, withoutCompression } from './modules.js';

export interface ModuleTreeRequest {
  /** A folder laid out as /lib/modules/RELEASE; it is not changed. */
  readonly from: string;
  /** For each name of a module to replace, the file to use. */
  readonly replacements: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

const decompressors: Readonly<Record<string, string>> = { '.xz': 'xz', '.gz': 'gzip', '.zst': 'zstd' };

/** Files beside the modules that depmod reads. */
export const moduleIndexes = ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'];

/**
 * Copies the modules that a guest needs, and those they depend on, from anywhere in the tree. The copies are uncompressed, because
 * busybox's modprobe reads no others.
 */
export async function copyModules(
  target: string,
  { from, replacements, signal }: ModuleTreeRequest,
): Promise<void> {
  await mkdir(path.join(target, 'kernel'), { recursive: true });
  for (const name of moduleIndexes)
    await cp(path.join(from, name), path.join(target, name)).catch(() => undefined);
  const all = await moduleFiles(from);
  const byName = new Map(all.map((file) => [moduleName(file), file]));
  const copied = new Set<string>();
  let wanted = [
    ...all.filter(isWanted),
    ...[...replacements.keys()].flatMap((name) => byName.get(name) ?? []),
  ];
  while (wanted.length > 0) {
    const files = [...new Set(wanted)];
    for (const file of files) {
      await cp(path.join(from, 'kernel', file), path.join(target, 'kernel', file), { dereference: true });
      copied.add(file);
    }
    await decompress(
      files.map((file) => path.join(target, 'kernel', file)),
      signal,
    );
    const plain = files.map((file) => path.join(target, 'kernel', withoutCompression(file)));
    for (const file of plain) {
      const replacement = replacements.get(moduleName(file));
      if (replacement !== undefined) await cp(replacement, file);
    }
    const needed = (await modinfo('depends', plain, signal)).flatMap((line) => line.split(','));
    wanted = needed.flatMap((name) => byName.get(moduleName(name)) ?? []).filter((file) => !copied.has(file));
  }
}

async function decompress(files: readonly string[], signal: AbortSignal): Promise<void> {
  for (const [ending, program] of Object.entries(decompressors)) {
    const compressed = files.filter((file) => file.endsWith(ending));
    if (compressed.length === 0) continue;
    await hostCommand([program, '-d', ...(program === 'zstd' ? ['--rm', '-q'] : []), ...compressed], {
      purpose: "decompress the kernel's modules",
      seconds: 300,
      signal,
    });
  }
}

/** Path of a module, perhaps compressed, in a /lib/modules/RELEASE; undefined: it is not there. */
export async function moduleFile(modules: string, name: string): Promise<string | undefined> {
  const found = (await moduleFiles(modules)).find((file) => moduleName(file) === name);
  return found === undefined ? undefined : path.join(modules, 'kernel', found);
}

/** Names of all modules in a /lib/modules/RELEASE, and of those that its index says are built into the kernel. */
export async function availableModules(modules: string): Promise<ReadonlySet<string>> {
  return new Set([...(await moduleFiles(modules)).map(moduleName), ...(await builtInModules(modules))]);
}

/** The most bytes that are read of an index; that of a kernel with everything built in has some hundred thousand. */
const largestIndex = 16 * 1024 ** 2;

/** Names of the modules that the index of a /lib/modules/RELEASE says are built into the kernel; none when there is no index. */
export async function builtInModules(modules: string): Promise<readonly string[]> {
  const file = path.join(modules, 'modules.builtin');
  const index = await readRegularText(file, largestIndex).catch(() => '');
  return index
    .split('\n')
    .filter((line) => line !== '')
    .map(moduleName);
}

/** Paths of all module files below `kernel/`. */
const moduleFiles = async (modules: string): Promise<readonly string[]> =>
  (await readdir(path.join(modules, 'kernel'), { recursive: true })).filter(isModule).sort();
