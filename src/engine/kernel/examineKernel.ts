import path from 'node:path';
import { UsageError } from '../../support/errors.js';
import { parseKernelConfig, type KernelConfig } from './config.js';
import { modinfo } from './modules/modinfo.js';
import { availableModules, moduleFile } from './modules/moduleTree.js';
import { fragmentFile, readWantedOptions, missingOptions, type WantedOption } from './wantedOptions.js';

/** A kernel to check: its release, as messages name it, its configuration and its modules. */
interface Checked {
  readonly release: string;
  /** The text of its configuration and where that was found; undefined: not known. */
  readonly config: { readonly text: string; readonly from: string } | undefined;
  /** A folder laid out as /lib/modules/RELEASE; undefined: everything is built in. */
  readonly modules: string | undefined;
}

/**
 * Checks before a boot what a kernel lacks. Resolves with the options that would be useful. Rejects with a UsageError that names each
 * option without which no lab comes up, and when modules are missing or belong to another kernel.
 */
export async function examineKernel(kernel: Checked, signal: AbortSignal): Promise<readonly WantedOption[]> {
  const { release, config, modules } = kernel;
  const options = config === undefined ? undefined : parseKernelConfig(config.text, config.from);
  const unmet = options === undefined ? [] : missingOptions(await readWantedOptions(), options, release);
  const required = unmet.filter(({ level }) => level === 'required');
  if (config !== undefined && required.length > 0) throw lacking(release, config.from, required);
  if (options !== undefined && modules === undefined) await refuseModular(release, options);
  if (modules !== undefined) {
    await refuseMissingModules(release, modules, options);
    await refuseOtherRelease(release, modules, signal);
  }
  return unmet;
}

function lacking(release: string, where: string, required: readonly WantedOption[]): UsageError {
  const noIpvs = required.some(({ option }) => option === 'CONFIG_IP_VS');
  const what = noIpvs
    ? 'has no IPVS, and so cannot be a director'
    : `lacks ${required.length === 1 ? 'an option' : `${required.length} options`} that the lab cannot do without`;
  return new UsageError(`the kernel ${release} ${what}: not set in ${where}`, {
    details: optionLines(required),
    hint: `in the kernel's tree: scripts/kconfig/merge_config.sh -m .config ${fragmentFile} && make olddefconfig, and build it again`,
  });
}

/** One line for each option: its name and why the lab needs it. */
export const optionLines = (options: readonly WantedOption[]): string =>
  options.map(({ option, why }) => `${option}: ${why}`).join('\n');

async function refuseModular(release: string, options: KernelConfig): Promise<void> {
  const modular = (await readWantedOptions()).filter(
    ({ option, level }) => level === 'required' && options.get(option) === 'm',
  );
  if (modular.length === 0) return;
  throw new UsageError(`the kernel ${release} has modules that the lab needs, and no modules came with it`, {
    details: optionLines(modular),
    hint: `give the directory that is installed as /lib/modules/${release} with --modules`,
  });
}

/** For each required option, the module that it makes and the guest loads. */
const moduleOf: Readonly<Record<string, string>> = {
  CONFIG_VIRTIO_BLK: 'virtio_blk',
  CONFIG_VIRTIO_NET: 'virtio_net',
  CONFIG_EXT4_FS: 'ext4',
  CONFIG_OVERLAY_FS: 'overlay',
  CONFIG_BRIDGE: 'bridge',
  CONFIG_VETH: 'veth',
  CONFIG_IP_VS: 'ip_vs',
  CONFIG_IP_VS_RR: 'ip_vs_rr',
  CONFIG_NF_CONNTRACK: 'nf_conntrack',
  CONFIG_NF_TABLES: 'nf_tables',
  CONFIG_NFT_COMPAT: 'nft_compat',
};

/** Rejects when modules that the configuration promises are missing: packages may come in parts, and the folder may be another kernel's. */
async function refuseMissingModules(
  release: string,
  modules: string,
  options: KernelConfig | undefined,
): Promise<void> {
  const there = await availableModules(modules);
  const gone = (await readWantedOptions()).filter(({ option }) => {
    const module = moduleOf[option];
    // Of a kernel whose configuration is not known, only that it has IPVS can be asked.
    const expected = options === undefined ? option === 'CONFIG_IP_VS' : options.get(option) === 'm';
    return module !== undefined && expected && !there.has(module);
  });
  if (gone.length === 0) return;
  const noIpvs = gone.some(({ option }) => option === 'CONFIG_IP_VS');
  const what = noIpvs ? 'has no IPVS, and so cannot be a director' : 'came without modules that it needs';
  throw new UsageError(`the kernel ${release} ${what}: not among its modules, nor built in`, {
    details: gone.map(({ option, why }) => `${moduleOf[option] ?? option}: ${why}`).join('\n'),
    hint: 'give all of its modules (packages may come in parts: --from again for each), or build it with them',
  });
}

async function refuseOtherRelease(release: string, modules: string, signal: AbortSignal): Promise<void> {
  const any = (await moduleFile(modules, 'ip_vs')) ?? (await moduleFile(modules, 'nf_conntrack'));
  if (any === undefined) return;
  // A modinfo without zlib cannot open a .ko.gz.
  const [vermagic] = await modinfo('vermagic', [any], signal).catch(() => []);
  const found = vermagic?.split(' ')[0];
  if (found === undefined || found === release) return;
  throw new UsageError(
    `the modules are those of another kernel: ${path.basename(any)} is of ${found}, the kernel is ${release}`,
    { hint: 'give image and modules of one build; in a build tree, build both: make bzImage modules' },
  );
}
