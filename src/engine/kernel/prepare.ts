import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../support/errors.js';
import { examineKernel } from './examineKernel.js';
import { parseKernelConfig } from './config.js';
import { kernelFiles, type KernelFacts } from './kernelMetadata.js';
import { inspectKernel } from './inspect.js';
import { modinfo } from './modules/modinfo.js';
import { copyModules } from './modules/moduleTree.js';
import type { Downloading } from '../port/download.js';
import type { WantedOption } from './wantedOptions.js';
import { readReplacements, type ReplacedModule } from './modules/replacements.js';
import { modulesFolder } from './sources/kernelFile.js';
import { noModulesInside } from './sources/packages.js';
import type { KernelParts } from './sources/kernelParts.js';
import { fetchParts, type KernelSource } from './sources/source.js';

export interface PrepareRequest extends Downloading {
  readonly source: KernelSource;
  /** The source as the user named it. */
  readonly from: string;
  /** The folder of modules to use in place of the source's. */
  readonly modules?: string | undefined;
  /** The configuration to use in place of the source's. */
  readonly config?: string | undefined;
  /** Module files that replace the kernel's own modules. */
  readonly replacements?: readonly string[];
  readonly note: (message: string) => void;
}

export interface PreparedKernel {
  readonly facts: KernelFacts;
  /** Useful options that it lacks; undefined: its configuration is not known. */
  readonly unmet: readonly WantedOption[] | undefined;
}

/**
 * Prepares a kernel in an empty directory: its image, its configuration when that is known, and the modules that a guest needs (see
 * `kernelFiles`). Rejects with a UsageError when the source is no kernel, or none that the lab can use.
 */
export async function prepareKernel(request: PrepareRequest, directory: string): Promise<PreparedKernel> {
  const { note, signal } = request;
  const work = path.join(directory, 'work');
  await mkdir(work);
  const parts = await partsOf(request, work);
  const { configText, ...seen } = await inspectKernel(parts, work, request);
  // A file that was unpacked for this is gone afterwards: its name would say nothing.
  const config = seen.config && { ...seen.config, from: lastingName(seen.config.from, work, request.from) };
  const checked =
    config === undefined || configText === undefined ? undefined : { text: configText, from: config.from };
  const unmet = await examineKernel({ ...seen, modules: parts.modules, config: checked }, signal);
  if (checked === undefined)
    note(`nothing is known of the configuration of ${seen.release}: what it lacks shows when it is booted`);
  const replaced = await readReplacements(
    request.replacements ?? [],
    { ...seen, modules: parts.modules },
    signal,
  );
  await refuseUnacceptable(replaced, checked, signal);

  await cp(parts.image, path.join(directory, kernelFiles.image), { dereference: true });
  if (configText !== undefined) await writeFile(path.join(directory, kernelFiles.config), configText);
  if (parts.modules !== undefined) {
    await copyModules(path.join(directory, kernelFiles.modules), {
      from: parts.modules,
      replacements: new Map(replaced.map(({ module, file }) => [module, file])),
      signal,
    });
    await refuseUnfitting(path.join(directory, kernelFiles.modules));
  }
  await rm(work, { recursive: true, force: true });
  return {
    facts: { from: request.from, ...seen, config, replaced },
    unmet: checked === undefined ? undefined : unmet,
  };
}

async function partsOf(request: PrepareRequest, work: string): Promise<KernelParts> {
  const { source, modules, config, signal, tell } = request;
  const named = source.kind === 'file' && modules !== undefined ? { ...source, modules } : source;
  const parts = await fetchParts(named, work, { signal, tell });
  if (source.kind === 'packages' && parts.modules === undefined && modules === undefined)
    throw noModulesInside(source.files);
  return {
    image: parts.image,
    modules: modules === undefined ? parts.modules : await modulesFolder(modules, 'RELEASE'),
    config: config ?? parts.config,
  };
}

/** The most bytes of modules, because the guest holds them in memory, twice while it starts. */
const mostModuleBytes = 300e6;

async function refuseUnfitting(modules: string): Promise<void> {
  const files = await readdir(modules, { recursive: true });
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(modules, file))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= mostModuleBytes) return;
  throw new UsageError(
    `the modules that a guest needs have ${Math.round(total / 1e6)} MB, and a guest has memory for ${mostModuleBytes / 1e6} MB of them`,
    {
      hint: 'most of it is debugging information: make INSTALL_MOD_STRIP=1 INSTALL_MOD_PATH=DIR modules_install, and give --modules DIR/lib/modules/RELEASE',
    },
  );
}

const lastingName = (file: string, work: string, from: string): string => (file.includes(work) ? from : file);

/** Rejects an unsigned replacement when the kernel takes signed modules only: it would silently leave the module out. */
async function refuseUnacceptable(
  replaced: readonly ReplacedModule[],
  config: { readonly text: string; readonly from: string } | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (config === undefined || replaced.length === 0) return;
  if (parseKernelConfig(config.text, config.from).get('CONFIG_MODULE_SIG_FORCE') !== 'y') return;
  for (const { file } of replaced) {
    if ((await modinfo('sig_id', [file], signal)).length > 0) continue;
    throw new UsageError(
      `--module ${file} is not signed, and the kernel takes signed modules only (CONFIG_MODULE_SIG_FORCE)`,
      {
        hint: "sign it with scripts/sign-file and the kernel's own key",
      },
    );
  }
}
