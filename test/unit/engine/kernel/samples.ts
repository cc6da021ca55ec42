import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readWantedOptions } from '../../../../src/engine/kernel/wantedOptions.js';

/** Release of the kernels made up here. */
export const release = '6.1.0-lab';

/** As the kernels made up here put it into their modules. */
export const vermagic = `${release} SMP preempt mod_unload modversions `;

/** Never aborted. */
export const { signal } = new AbortController();

const setupSectors = 0x3f;

interface ImageParts {
  readonly version?: string;
  /** Of the boot protocol; 0x20f: Linux 5.5 and newer. */
  readonly protocol?: number;
  /** xloadflags; 1: there is a 64-bit entry. */
  readonly flags?: number;
  /** The compressed vmlinux. */
  readonly payload?: Buffer;
}

/** A bzImage as Documentation/arch/x86/boot.rst describes it, with nothing in it that runs. */
export function bzImage(parts: ImageParts = {}): Buffer {
  const { version = `${release} (me@here) #1 SMP`, protocol = 0x20f, flags = 1 } = parts;
  const { payload = Buffer.from('no vmlinux') } = parts;
  const head = Buffer.alloc((setupSectors + 1) * 512);
  head.writeUInt8(setupSectors, 0x1f1);
  head.writeUInt16LE(0xaa55, 0x1fe);
  head.write('\xeb\x6aHdrS', 0x200, 'latin1');
  head.writeUInt16LE(protocol, 0x206);
  head.writeUInt16LE(0x3000, 0x20e);
  head.writeUInt16LE(flags, 0x236);
  head.writeUInt32LE(0, 0x248);
  head.writeUInt32LE(payload.length, 0x24c);
  head.write(`${version}\0rest`, 0x3200, 'latin1');
  return Buffer.concat([head, payload]);
}

/** An ELF file of x86-64 with one section, `.modinfo`, which is all that modinfo reads. Source: elf(5). */
export function moduleOf(fields: Readonly<Record<string, string>>): Buffer {
  const info = Buffer.from(
    Object.entries(fields)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(''),
  );
  const names = Buffer.from('\0.modinfo\0.shstrtab\0');
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(1, 16);
  header.writeUInt16LE(62, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(64 + info.length + names.length), 40);
  // Sizes of the header and of an entry, how many there are, and which of them has the names.
  [64, 0, 0, 64, 3, 2].forEach((value, index) => header.writeUInt16LE(value, 52 + 2 * index));
  const sections = [
    Buffer.alloc(64),
    section(1, 1, 64, info.length),
    section(10, 3, 64 + info.length, names.length),
  ];
  return Buffer.concat([header, info, names, ...sections]);
}

function section(name: number, type: number, offset: number, size: number): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(type, 4);
  header.writeBigUInt64LE(BigInt(offset), 24);
  header.writeBigUInt64LE(BigInt(size), 32);
  return header;
}

/** A module of the kernels made up here, unless `fields` say otherwise. */
export const moduleNamed = (name: string, fields: Readonly<Record<string, string>> = {}): Buffer =>
  moduleOf({ name, depends: '', vermagic, ...fields });

/** Writes files into a folder; gives the folder. */
export function fill(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** Where a kernel has its modules, below `kernel/`. */
const places: Readonly<Record<string, string>> = {
  virtio_blk: 'drivers/block',
  virtio_net: 'drivers/net',
  veth: 'drivers/net',
  ext4: 'fs/ext4',
  overlay: 'fs/overlayfs',
  bridge: 'net/bridge',
  ip_vs: 'net/netfilter/ipvs',
  ip_vs_rr: 'net/netfilter/ipvs',
  nf_conntrack: 'net/netfilter',
  nf_tables: 'net/netfilter',
  nft_compat: 'net/netfilter',
};

/** Paths below `kernel/` of the modules that the lab wants of every modular kernel, but for those left out. */
export function modulePaths(leftOut: readonly string[] = []): readonly string[] {
  return Object.entries(places)
    .filter(([name]) => !leftOut.includes(name))
    .map(([name, folder]) => `${folder}/${name}.ko`);
}

/** Fills a folder as /lib/modules/RELEASE, with the modules at these paths. */
export function modulesFolder(folder: string, paths: readonly string[] = modulePaths()): string {
  const modules = paths.map((file) => [`kernel/${file}`, moduleNamed(path.basename(file, '.ko'))] as const);
  return fill(folder, { 'modules.order': `${paths.join('\n')}\n`, ...Object.fromEntries(modules) });
}

/** A configuration that has all the lab wants built in, with other values for some options; undefined: not set. */
export async function configText(others: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const options = new Map<string, string | undefined>([
    ['CONFIG_X86_64', 'y'],
    ...(await readWantedOptions()).map(({ option }) => [option, 'y'] as const),
    ...Object.entries(others),
  ]);
  const lines = [...options].map(([option, value]) =>
    value === undefined ? `# ${option} is not set` : `${option}=${value}`,
  );
  return `# Linux/x86 6.1.0 Kernel Configuration\n${lines.join('\n')}\n`;
}

/** The options of what `modulePaths` has, as modules. */
export const asModules: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'VIRTIO_BLK',
    'VIRTIO_NET',
    'VETH',
    'EXT4_FS',
    'OVERLAY_FS',
    'BRIDGE',
    'IP_VS',
    'IP_VS_RR',
    'NF_CONNTRACK',
    'NF_TABLES',
    'NFT_COMPAT',
  ].map((name) => [`CONFIG_${name}`, 'm']),
);

/** What a promise is rejected with. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it was not rejected'),
    (error: unknown) => error,
  );
