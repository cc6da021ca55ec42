import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** The interfaces that are up, with their addresses, as `os.networkInterfaces()` returns them. */
export type Devices = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** An IPv4 route by which packets may leave. */
export interface Route {
  readonly device: string;
  /** The destination as CIDR. */
  readonly to: string;
  /** The next hop; undefined: destinations are on the device's own link. */
  readonly gateway: string | undefined;
}

/** What can be seen of the network namespace that this process is in. */
export interface NetworkNamespace {
  readonly devices: Devices;
  /** The routes of IPv4's main table. */
  readonly routes: readonly Route[];
  /** Whether this is the namespace that the machine booted with, and so no container's. */
  readonly isInitial: boolean;
}

/**
 * A file that exists in the initial namespace only: its setting is per processor and for the whole kernel (register_net_sysctl(&init_net,
 * "net/core")). /proc/sys/net always shows the namespace of the process that reads it, whichever container /proc was mounted in.
 */
export const onlyInInitial = '/proc/sys/net/core/netdev_max_backlog';

/** Describes this process's network namespace. Throws when the routes cannot be read. */
export function ownNamespace(): NetworkNamespace {
  return {
    devices: networkInterfaces(),
    routes: readRoutes(readFileSync('/proc/net/route', 'latin1')),
    isInitial: existsSync(onlyInInitial),
  };
}

const rtfGateway = 0x0002;
const rtfReject = 0x0200;

/** Reads the routes of /proc/net/route, leaving out those that reject. */
export function readRoutes(text: string): Route[] {
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [device = '', destination = '', gateway = '', flags = '', , , , mask = ''] = line.split(/\s+/);
    const set = parseInt(flags, 16);
    if ((set & rtfReject) !== 0) return [];
    const prefix = parseInt(mask, 16).toString(2).replaceAll('0', '').length;
    return {
      device,
      to: `${address(destination)}/${prefix}`,
      gateway: (set & rtfGateway) === 0 ? undefined : address(gateway),
    };
  });
}

/** An address as /proc prints it: four bytes in the machine's byte order, which is little-endian on all machines that the lab supports. */
function address(hexadecimal: string): string {
  return [...Buffer.from(hexadecimal, 'hex')].reverse().join('.');
}
