import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../support/errors.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { ownerTag } from '../lifetime/owner.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { parseKernelConfig } from './config.js';
import { kernelFiles, readFacts, writeFacts, type KernelFacts } from './facts.js';
import { bootableKernel } from './kernel.js';
import { readNeeds, unmetNeeds, type Need } from './needs.js';
import { prepareKernel } from './prepare.js';
import { readSource } from './sources/source.js';
import { parseKernelSpec } from './kernelSpec.js';
import { findKernel, kernelDirectory, kernelNames, wantKernel } from './store/kernelNames.js';

/** A kernel that was added, as its kernel.json has it. */
export interface StoredKernel extends KernelFacts {
  readonly name: string;
  /** ISO 8601. */
  readonly addedAt: string;
}

/** A kernel with where it lies and what it lacks. */
export interface KernelInfo extends KernelFacts {
  /** Undefined: it was not added, and is known by a reference such as debian:SUITE. */
  readonly name?: string | undefined;
  readonly addedAt?: string | undefined;
  readonly directory: string;
  /** What some scenarios need and it has not; undefined: its configuration is not known. */
  readonly unmet: readonly Need[] | undefined;
}

export interface AddRequest {
  readonly name: string;
  /** As `readSource` takes it. */
  readonly from: readonly string[];
  readonly modules: string | undefined;
  readonly config: string | undefined;
  /** Module files to put into the place of the kernel's own. */
  readonly replacements: readonly string[];
}

/**
 * Adds a kernel to the store. It is made ready beside its place and moved there when complete, so that there is all of it or nothing. Rejects
 * with a UsageError for a name that is taken or none, and for what is no kernel that the lab can use.
 */
export async function addKernel(request: AddRequest, progress: EngineProgress): Promise<KernelInfo> {
  const { name, replacements } = request;
  const directory = kernelDirectory(name);
  if (findKernel(name) !== undefined) throw taken(name);
  const source = await readSource(request.from);
  const partial = await partialOf(directory);
  await makeFolder(partial, 0o700);
  try {
    const { facts, unmet } = await progress.step(`adding the kernel ${name}`, () =>
      prepareKernel(
        {
          source,
          from: request.from.join(' + '),
          modules: absolute(request.modules),
          config: absolute(request.config),
          replacements,
          note: progress.note,
          signal: progress.signal,
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

/** Every kernel that was added, by name. Rejects with LabError when one is damaged. */
export async function listKernels(): Promise<readonly KernelInfo[]> {
  return Promise.all(kernelNames().map((name) => storedInfo(wantKernel(name))));
}

/** Removes a kernel from the store. What was made of it in the cache stays until the cache is removed. */
export async function removeKernel(name: string): Promise<void> {
  const directory = wantKernel(name);
  const partial = await partialOf(directory);
  await rename(directory, partial);
  await rm(partial, { recursive: true, force: true });
}

/** What is known of a kernel by its name or any other reference that `--kernel` takes; these are fetched into the cache for it. */
export async function kernelInfo(reference: string, progress: EngineProgress): Promise<KernelInfo> {
  const spec = parseKernelSpec(reference);
  if (spec.kind === 'stored') return storedInfo(spec.directory);
  const { facts, image } = await bootableKernel(spec, progress);
  const directory = path.dirname(image);
  return { ...facts, directory, unmet: await unmetOf(directory, facts) };
}

async function storedInfo(directory: string): Promise<KernelInfo> {
  const stored = await readFacts<StoredKernel>(directory);
  return { ...stored, directory, unmet: await unmetOf(directory, stored) };
}

/** Asked anew each time: what the lab needs may have changed since. */
async function unmetOf(directory: string, facts: KernelFacts): Promise<readonly Need[] | undefined> {
  if (facts.config === undefined) return undefined;
  const file = path.join(directory, kernelFiles.config);
  const config = parseKernelConfig(await readFile(file, 'utf8'), file);
  return unmetNeeds(await readNeeds(), config, facts.release);
}

/** Beside its place, under a name that is no kernel's and tells `clean` whose it is. */
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
