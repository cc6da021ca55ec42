import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../support/errors.js';
import { makeKeptFolder } from '../lifetime/makeKeptFolder.js';
import { ownerTag } from '../lifetime/owner.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { parseKernelConfig } from './config.js';
import {
  kernelFiles,
  readFacts,
  storedKernelSchema,
  writeFacts,
  type KernelFacts,
  type StoredKernel,
} from './kernelMetadata.js';
import { bootableKernel } from './bootableKernel.js';
import { readWantedOptions, missingOptions, type WantedOption } from './wantedOptions.js';
import { prepareKernel } from './prepare.js';
import { readKernelSource } from './sources/source.js';
import { parseKernelSpec } from './kernelSpec.js';
import { findKernel, kernelDirectory, kernelNames, addedKernel } from './store/kernelNames.js';
import { kernelsRoot } from './store/kernelsRoot.js';

/** A kernel, the folder that it is in and the options it lacks. */
export interface KernelInfo extends KernelFacts {
  /** The name that it was added under; undefined: it was not added, and a reference such as debian:SUITE names it. */
  readonly name?: string | undefined;
  readonly addedAt?: string | undefined;
  readonly directory: string;
  /** Options that it lacks and some scenarios need; undefined: its configuration is not known. */
  readonly unmet: readonly WantedOption[] | undefined;
}

export interface AddRequest {
  readonly name: string;
  /** Sources, as `readSource` reads them. */
  readonly from: readonly string[];
  readonly modules: string | undefined;
  readonly config: string | undefined;
  /** Module files that replace the kernel's own modules. */
  readonly replacements: readonly string[];
}

/**
 * Adds a kernel to the store. It appears there only when it is complete. Rejects with a UsageError for an invalid or taken name, and for
 * anything that is no kernel which the lab can use.
 */
export async function storeKernel(request: AddRequest, progress: EngineProgress): Promise<KernelInfo> {
  const { name, replacements } = request;
  const directory = kernelDirectory(name);
  if (findKernel(name) !== undefined) throw taken(name);
  const source = await readKernelSource(request.from);
  const partial = await partialOf(directory);
  await makeKeptFolder(kernelsRoot(), 'XDG_DATA_HOME');
  await mkdir(partial, { mode: 0o700 });
  try {
    const { facts, unmet } = await progress.step(`adding the kernel ${name}`, (tell) =>
      prepareKernel(
        {
          source,
          from: request.from.join(' + '),
          modules: absolute(request.modules),
          config: absolute(request.config),
          replacements,
          note: progress.note,
          signal: progress.signal,
          tell,
        },
        partial,
      ),
    );
    const stored: StoredKernel = { name, addedAt: new Date().toISOString(), ...facts };
    await writeFacts(partial, stored);
    await moveTo(directory, partial, name);
    return { ...stored, directory, unmet };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** All added kernels, sorted by name. Rejects with LabError when one is damaged. */
export async function listKernels(): Promise<readonly KernelInfo[]> {
  return Promise.all(kernelNames().map((name) => storedInfo(addedKernel(name))));
}

/** Removes a kernel from the store. What the cache holds of it stays until the cache is removed. */
export async function removeKernel(name: string): Promise<void> {
  const directory = addedKernel(name);
  const partial = await partialOf(directory);
  await rename(directory, partial);
  await rm(partial, { recursive: true, force: true });
}

/** Describes a kernel by its name or any other reference that `--kernel` takes; the latter is fetched into the cache first. */
export async function kernelInfo(reference: string, progress: EngineProgress): Promise<KernelInfo> {
  const spec = parseKernelSpec(reference);
  if (spec.kind === 'stored') return storedInfo(spec.directory);
  const { facts, image } = await bootableKernel(spec, progress);
  const directory = path.dirname(image);
  return { ...facts, directory, unmet: await unmetOf(directory, facts) };
}

async function storedInfo(directory: string): Promise<KernelInfo> {
  const stored = await readFacts(directory, storedKernelSchema);
  return { ...stored, directory, unmet: await unmetOf(directory, stored) };
}

/** The options that a kernel lacks. They are worked out each time, because the lab's needs may have changed since the kernel was added. */
async function unmetOf(directory: string, facts: KernelFacts): Promise<readonly WantedOption[] | undefined> {
  if (facts.config === undefined) return undefined;
  const file = path.join(directory, kernelFiles.config);
  const config = parseKernelConfig(await readFile(file, 'utf8'), file);
  return missingOptions(await readWantedOptions(), config, facts.release);
}

/** A folder beside the kernel's place, for the work on it. Its name cannot be a kernel's, and tells `clean` whose it is. */
const partialOf = async (directory: string): Promise<string> =>
  path.join(
    path.dirname(directory),
    `.${path.basename(directory)}.partial-${await ownerTag()}-${randomBytes(4).toString('hex')}`,
  );

async function moveTo(directory: string, partial: string, name: string): Promise<void> {
  try {
    await rename(partial, directory);
  } catch (error) {
    // Somebody else was faster.
    if (findKernel(name) !== undefined) throw taken(name);
    throw error;
  }
}

const taken = (name: string): UsageError =>
  new UsageError(`there is a kernel named \`${name}\` already`, {
    hint: `choose another name, or remove that one: lvs-lab kernel rm ${name}`,
  });

const absolute = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : path.resolve(file);
