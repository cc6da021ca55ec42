import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** As `os.networkInterfaces()` returns them: those that are up, with their addresses. */
export type Devices = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** An IPv4 route by which packets may leave. */
export interface Route {
  readonly device: string;
  /** CIDR. */
  readonly to: string;
  /** Undefined: whom it is for is on the device's own link. */
  readonly gateway: string | undefined;
}

/** What can be seen of the network namespace that this process is in. */
export interface NetworkNamespace {
  readonly devices: Devices;
  /** Of IPv4's main table. */
  readonly routes: readonly Route[];
  /** The one that the machine booted with: no container's. */
  readonly isInitial: boolean;
}

/**
 * A limit of each processor's, for all of the kernel, so it is shown in the initial namespace only (register_net_sysctl(&init_net, "net/core")).
 * /proc/sys/net is always that of the process which reads it, in whatever container /proc was mounted.
 */
export const onlyInInitial = '/proc/sys/net/core/netdev_max_backlog';

/** Looks at this process's network namespace. Throws where routes cannot be read. */
export function ownNamespace(): NetworkNamespace {
  return {
    devices: networkInterfaces(),
    routes: readRoutes(readFileSync('/proc/net/route', 'latin1')),
    isInitial: existsSync(onlyInInitial),
  };
}

const rtfGateway = 0x0002;
const rtfReject = 0x0200;

/** The routes of /proc/net/route, without those that reject. */
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

/** As the kernel prints it: four bytes in the order of the machine, which is little-endian on all that the lab knows. */
function address(hexadecimal: string): string {
  return [...Buffer.from(hexadecimal, 'hex')].reverse().join('.');
}
