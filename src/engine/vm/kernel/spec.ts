import path from 'node:path';
import { UsageError } from '../../../support/errors.js';

/** Which kernel to boot: one of a Debian suite, or a file somebody has. */
export type KernelSpec =
  | { readonly kind: 'debian'; readonly suite: string }
  | { readonly kind: 'file'; readonly image: string; readonly modules: string | undefined };

/** Debian suites whose `linux-image-amd64` the lab knows how to fetch. */
export const debianSuites = ['bullseye', 'bookworm', 'trixie', 'sid'] as const;

/** Reads `--kernel`: `debian:SUITE`, or `PATH[:MODULES_DIR]` of a bzImage and its /lib/modules/RELEASE directory. */
export function parseKernelSpec(text: string): KernelSpec {
  const suite = /^debian:(.*)$/.exec(text)?.[1];
  if (suite !== undefined) {
    if ((debianSuites as readonly string[]).includes(suite)) return { kind: 'debian', suite };
    throw new UsageError(
      `--kernel ${text}: no such Debian suite, expected one of ${debianSuites.join(', ')}`,
    );
  }
  const [image, modules, more] = text.split(':');
  if (image === undefined || image === '' || modules === '' || more !== undefined) {
    throw new UsageError(`--kernel ${text}: expected debian:SUITE or PATH[:MODULES_DIR]`);
  }
  return {
    kind: 'file',
    image: path.resolve(image),
    modules: modules === undefined ? undefined : path.resolve(modules),
  };
}
