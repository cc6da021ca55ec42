import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../support/errors.js';
import { didYouMean } from '../../support/suggest.js';
import { findKernel, kernelNames } from './store/kernelNames.js';
import { debianSuites } from './sources/debian.js';
import { readDebian, type KernelSource } from './sources/source.js';

/** Which kernel to boot: that of a Debian suite, a file, or an added one in its folder of the store. */
export type KernelSpec =
  | Extract<KernelSource, { readonly kind: 'debian' | 'file' }>
  | { readonly kind: 'stored'; readonly name: string; readonly directory: string };

/**
 * Reads `--kernel`: `debian:SUITE`, the name of an added kernel, or `PATH[:MODULES_DIR]` of a bzImage and its /lib/modules/RELEASE
 * directory. A word that could be either means the added kernel; `./WORD` means the file. Throws UsageError.
 */
export function parseKernelSpec(text: string): KernelSpec {
  const suite = readDebian(text, '--kernel');
  if (suite !== undefined) return { kind: 'debian', suite };
  const [image, modules, more] = text.split(':');
  if (image === undefined || image === '' || modules === '' || more !== undefined) {
    throw new UsageError(`--kernel ${text}: expected debian:SUITE, NAME or PATH[:MODULES_DIR]`);
  }
  if (!text.includes(':') && !text.includes('/')) {
    const directory = findKernel(text);
    if (directory !== undefined) return { kind: 'stored', name: text, directory };
    if (!existsSync(text)) throw unknownName(text);
  }
  const missing = [image, modules].find((file) => file !== undefined && !existsSync(file));
  if (missing !== undefined)
    throw new UsageError(`--kernel ${text}: cannot read the kernel: there is no ${missing}`);
  return {
    kind: 'file',
    image: path.resolve(image),
    modules: modules === undefined ? undefined : path.resolve(modules),
  };
}

function unknownName(text: string): UsageError {
  const suggestion = (debianSuites as readonly string[]).includes(text)
    ? `; did you mean \`debian:${text}\`?`
    : didYouMean(text, kernelNames());
  return new UsageError(
    `--kernel ${text}: no kernel of that name was added, and there is no such file${suggestion}`,
    { hint: `see what there is: lvs-lab kernel list; or add one: lvs-lab kernel add ${text} --from SOURCE` },
  );
}
