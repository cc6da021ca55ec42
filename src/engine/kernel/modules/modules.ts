import path from 'node:path';

/**
 * The modules that a guest needs: its disk, its console port, containers' networks, and all of netfilter and IPVS. Paths are below
 * `kernel/` of a /lib/modules/RELEASE; a folder means everything in it.
 */
export const wantedModules: readonly string[] = [
  'arch/x86/crypto',
  'crypto',
  'lib',
  'drivers/block/virtio_blk.ko',
  'drivers/char/hw_random/virtio-rng.ko',
  'drivers/char/hw_random/rng-core.ko',
  'drivers/char/virtio_console.ko',
  'drivers/net/dummy.ko',
  'drivers/net/ifb.ko',
  'drivers/net/net_failover.ko',
  'drivers/net/veth.ko',
  'drivers/net/virtio_net.ko',
  'drivers/virtio',
  'fs/ext4',
  'fs/jbd2',
  'fs/mbcache.ko',
  'fs/overlayfs',
  'net/802',
  'net/8021q',
  'net/bridge',
  'net/core',
  'net/ipv4',
  'net/ipv6',
  'net/llc',
  'net/netfilter',
  'net/packet',
  'net/sched',
  'net/unix',
];

/** Whether a module file (path below `kernel/`, perhaps compressed) goes into the initramfs. */
export function isWanted(file: string): boolean {
  const plain = withoutCompression(file);
  return isModule(file) && wantedModules.some((wanted) => plain === wanted || plain.startsWith(`${wanted}/`));
}

/** Whether a file is a module, perhaps compressed. */
export const isModule = (file: string): boolean => withoutCompression(file).endsWith('.ko');

/** The path of a module's file without the ending of its compression. */
export const withoutCompression = (file: string): string => file.replace(/\.(xz|gz|zst)$/, '');

/** The kernel's name of a module: `sch_x` for the file `net/sched/sch-x.ko.xz`. */
export const moduleName = (file: string): string =>
  path.basename(withoutCompression(file), '.ko').replaceAll('-', '_');
