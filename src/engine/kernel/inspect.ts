import { createHash } from 'node:crypto';
import { LabError, UsageError } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import type { KernelFacts } from './kernelMetadata.js';
import { readKernelImage } from './sources/image.js';
import { unpackVmlinux } from './payload.js';
import type { KernelParts } from './sources/kernelParts.js';
import { buildIdOf, embeddedConfigOf } from './vmlinux.js';

/** What a kernel's files tell about it. */
export type InspectedKernel = Pick<KernelFacts, 'release' | 'version' | 'buildId' | 'config'> & {
  /** The text of the configuration. */
  readonly configText: string | undefined;
};

/**
 * Looks into a kernel's files without booting it. An image that cannot be unpacked here is noted, and is no error: only its build id and
 * a configuration inside it remain unknown.
 */
export async function inspectKernel(
  { image, config }: KernelParts,
  work: string,
  { note, signal }: { readonly note: (message: string) => void; readonly signal: AbortSignal },
): Promise<InspectedKernel> {
  const header = await readKernelImage(image);
  const { release, version } = header;
  const inside = await unpackVmlinux(image, header, work, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    note(`the kernel ${release} could not be looked into: ${error.message}`);
    return undefined;
  });
  const embedded = inside === undefined ? undefined : embeddedConfigOf(inside);
  const configText = config === undefined ? embedded : await readConfig(config);
  const from = config ?? `inside ${image}`;
  return {
    release,
    version,
    buildId: inside === undefined ? undefined : buildIdOf(inside),
    config:
      configText === undefined
        ? undefined
        : { sha256: createHash('sha256').update(configText).digest('hex'), from },
    configText,
  };
}

/** The largest configuration that is read, in bytes; a real one has some 300 kB. */
const largestConfig = 16 * 1024 ** 2;

async function readConfig(file: string): Promise<string> {
  try {
    return await readRegularText(file, largestConfig);
  } catch (error) {
    throw new UsageError(`cannot read the kernel's configuration ${file}: ${(error as Error).message}`, {
      hint: 'give the .config that the kernel was built with, or /boot/config-RELEASE',
      cause: error,
    });
  }
}
