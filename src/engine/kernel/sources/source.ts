import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { didYouMean } from '../../../support/suggest.js';
import { readDated, snapshotMirror } from '../../debian/datedSuite.js';
import type { Downloading } from '../../port/download.js';
import { debianSuites, fetchDebianKernel } from './debian.js';
import { kernelFile } from './kernelFile.js';
import { packageFormat, unpackPackages } from './packages.js';
import type { KernelParts } from './kernelParts.js';
import { layOutTree } from './tree.js';

/** Where a kernel comes from. */
export type KernelSource =
  | { readonly kind: 'debian'; readonly suite: string }
  | { readonly kind: 'packages'; readonly files: readonly string[] }
  | { readonly kind: 'tree'; readonly directory: string }
  | { readonly kind: 'file'; readonly image: string; readonly modules: string | undefined };

/**
 * Reads `--from`: `debian:SUITE`, package files, a build tree or a bzImage, recognised by content and not by name. Only packages may be
 * more than one. Rejects with UsageError.
 */
export async function readKernelSource(from: readonly string[]): Promise<KernelSource> {
  const sources = await Promise.all(from.map(readOne));
  const [first] = sources;
  if (first === undefined) throw new UsageError('--from: nothing was named');
  if (sources.length === 1) return first;
  const files = sources.flatMap((source) => (source.kind === 'packages' ? source.files : []));
  if (files.length === sources.length) return { kind: 'packages', files };
  throw new UsageError(`--from ${from.join(' --from ')}: only packages can be given more than one of`, {
    hint: 'the modules of a kernel file are given with --modules',
  });
}

async function readOne(from: string): Promise<KernelSource> {
  const suite = readDebian(from, '--from');
  if (suite !== undefined) return { kind: 'debian', suite };
  const file = path.resolve(from);
  try {
    if ((await stat(file)).isDirectory()) return { kind: 'tree', directory: file };
    const format = await packageFormat(file);
    return format === undefined
      ? { kind: 'file', image: file, modules: undefined }
      : { kind: 'packages', files: [file] };
  } catch (error) {
    throw new UsageError(`--from ${from}: cannot be read: ${(error as Error).message}`, {
      hint: "expected debian:SUITE, a .deb or .rpm, a kernel's build tree, or a vmlinuz",
      cause: error,
    });
  }
}

/** The suite in `debian:SUITE`; undefined when the text does not begin with `debian:`. Throws UsageError for an unknown suite. */
export function readDebian(text: string, option: string): string | undefined {
  const suite = /^debian:(.*)$/.exec(text)?.[1];
  if (suite === undefined) return undefined;
  const { suite: undated, date } = readDated(suite);
  if (date !== undefined) snapshotMirror(date);
  if ((debianSuites as readonly string[]).includes(undated)) return suite;
  throw new UsageError(
    `${option} ${text}: no such Debian suite, expected one of ${debianSuites.join(', ')}${didYouMean(undated, debianSuites)}`,
  );
}

/** Gets the kernel's files; anything unpacked or downloaded goes into the folder `work`. Rejects with LabError. */
export async function fetchParts(
  source: KernelSource,
  work: string,
  downloading: Downloading,
): Promise<KernelParts> {
  switch (source.kind) {
    case 'debian':
      return fetchDebianKernel(source.suite, work, downloading);
    case 'packages':
      return unpackPackages(source.files, work, downloading.signal);
    case 'tree':
      return layOutTree(source.directory, work);
    case 'file':
      return kernelFile(source.image, source.modules);
    default:
      return source satisfies never;
  }
}
