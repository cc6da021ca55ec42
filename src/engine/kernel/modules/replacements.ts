import path from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../../../contracts/immutable.js';
import { LabError, UsageError } from '../../../support/errors.js';
import { openRegular } from '../../../support/files/readRegular.js';
import { sha256OfFile } from '../../../support/files/sha256.js';
import { modinfo } from './modinfo.js';
import { moduleName } from './modules.js';
import { builtInModules, moduleFile } from './moduleTree.js';

/** A module that replaces the kernel's own. */
export const replacedModuleSchema = z.object({
  module: z.string(),
  /** The file that it was taken from. */
  file: z.string(),
  /** SHA-256 of that file, in hexadecimal. */
  sha256: z.string(),
});
export type ReplacedModule = Immutable<z.infer<typeof replacedModuleSchema>>;

/**
 * Finds out which of a kernel's modules the files of `--module` replace. Rejects with a UsageError for a file that is no module, is one of
 * another kernel, or has no counterpart in this one.
 */
export async function readReplacements(
  files: readonly string[],
  kernel: { readonly modules: string | undefined; readonly release: string },
  signal: AbortSignal,
): Promise<readonly ReplacedModule[]> {
  const replaced: ReplacedModule[] = [];
  for (const file of files.map((each) => path.resolve(each))) {
    await refuseOtherThanElf(file);
    const { name, vermagic } = await identify(file, signal);
    const own = await ownModule(file, name, kernel);
    // A modinfo without zlib cannot open a .ko.gz; then the release has to do.
    const [expected = vermagic] = await modinfo('vermagic', [own], signal).catch(() => []);
    if (vermagic.split(' ')[0] !== kernel.release || vermagic !== expected) {
      throw new UsageError(
        `--module ${file} was built for another kernel: its vermagic is \`${vermagic}\`, that of the kernel's own ${name} is \`${expected}\``,
        { hint: `build it against the headers of ${kernel.release}` },
      );
    }
    if (replaced.some(({ module }) => module === name))
      throw new UsageError(`--module ${file}: a file for the module ${name} was given already`);
    replaced.push({ module: name, file, sha256: await sha256OfFile(file) });
  }
  return replaced;
}

async function refuseOtherThanElf(file: string): Promise<void> {
  const magic = await readStart(file);
  if (magic.toString('latin1') === '\x7fELF') return;
  throw new UsageError(
    `--module ${file} is not an ELF module: it ${magic.length === 0 ? 'is empty' : `begins with ${magic.toString('hex')}`}`,
    { hint: 'give the .ko file as the build made it, not compressed' },
  );
}

async function readStart(file: string): Promise<Buffer> {
  try {
    await using handle = await openRegular(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new UsageError(`--module ${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function identify(
  file: string,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly vermagic: string }> {
  try {
    const [name] = await modinfo('name', [file], signal);
    const [vermagic] = await modinfo('vermagic', [file], signal);
    if (vermagic === undefined) throw new LabError('it has no vermagic');
    return { name: name ?? moduleName(file), vermagic };
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`--module ${file} is an ELF file, and no module: it has no name and vermagic`, {
      hint: 'give the .ko file that the build links last, not an .o file',
      cause: error,
    });
  }
}

async function ownModule(
  file: string,
  name: string,
  { modules, release }: { readonly modules: string | undefined; readonly release: string },
): Promise<string> {
  const own = modules === undefined ? undefined : await moduleFile(modules, name);
  if (own !== undefined) return own;
  const built = modules === undefined || (await builtInModules(modules)).includes(name);
  throw new UsageError(
    `--module ${file}: the kernel ${release} has no module ${name} that it could replace${built ? ': it is built in' : ''}`,
    { hint: 'a part that is built in is changed by building the kernel' },
  );
}
