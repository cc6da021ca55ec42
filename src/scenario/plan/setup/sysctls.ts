import { devicesOf, inSysctl } from '../../model/devicesOf.js';
import type { NamedRole } from '../../model/nodesOf.js';
import { allForwardings, forwardingsTo } from '../../model/virtualServices.js';
import { repliesThroughDirector, type Setting, tunnelDevice } from './setting.js';
import { namedDevices } from './sides.js';

type Sysctls = Readonly<Record<string, string>>;

/** The sysctls without which a node could not play its role, in the order in which they must be set. */
export function sysctlsOf(node: NamedRole, setting: Setting): Sysctls {
  const { addresses } = setting;
  const devices = [
    ...devicesOf(setting.topology, node),
    ...(node.role === 'director' ? namedDevices(setting) : []),
  ].map(inSysctl);
  return addresses.family === 'ipv4' ? ipv4(node, devices, setting) : ipv6(node, devices, setting);
}

function ipv4(
  { name, role }: NamedRole,
  devices: readonly string[],
  { topology, sources }: Setting,
): Sysctls {
  const both = ['all', ...devices];
  const forwards = role === 'router' || (role === 'director' && repliesThroughDirector(topology));
  const ways = forwardingsTo(name, topology);
  const hasVip = role === 'realserver' && (ways.has('dr') || ways.has('tun'));
  const isTunnelEnd = role === 'realserver' && ways.has('tun');
  const all = allForwardings(topology);
  return {
    // Packets to the flows are not the kernel's: a host that does not forward drops them without a word.
    ...(role === 'client' && sources.length > 0 && { 'net.ipv4.ip_forward': '0' }),
    ...(forwards && {
      'net.ipv4.ip_forward': '1',
      ...each(both, 'rp_filter', '0'),
      // What comes in by eth0 leaves by eth0: a redirect would tell the sender to leave the director out.
      ...each(both, 'send_redirects', '0'),
    }),
    // The replies' source is the VIP, an address of the director's own: without this it takes them for forged.
    ...(forwards &&
      role === 'director' &&
      (all.has('dr') || all.has('tun')) &&
      each(both, 'accept_local', '1')),
    // The VIP is on every realserver; only the director may answer ARP for it, or be asked from it.
    ...(hasVip && { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' }),
    // The way back to the client is not through the tunnel.
    ...(isTunnelEnd && each(['all', tunnelDevice('ipv4')], 'rp_filter', '0')),
  };
}

function ipv6({ role }: NamedRole, devices: readonly string[], { topology, sources }: Setting): Sysctls {
  const throughDirector = repliesThroughDirector(topology);
  const conf = (device: string, key: string) => `net.ipv6.conf.${device}.${key}`;
  return {
    // Nobody else can have these addresses, and until detection is over a link-local one asks for no neighbour.
    ...Object.fromEntries(devices.map((device) => [conf(device, 'accept_dad'), '0'])),
    // IPv6 has no sysctl against sending redirects, so whoever has the director as its router must not listen to them.
    ...(throughDirector && role === 'realserver' && { [conf(devices[0] ?? '', 'accept_redirects')]: '0' }),
    ...Object.fromEntries(
      ['all', 'default', 'lo', ...devices].map((device) => [conf(device, 'disable_ipv6'), '0']),
    ),
    ...((role === 'router' || (role === 'director' && throughDirector)) && {
      'net.ipv6.conf.all.forwarding': '1',
    }),
    // As in IPv4.
    ...(role === 'client' && sources.length > 0 && { 'net.ipv6.conf.all.forwarding': '0' }),
  };
}

function each(devices: readonly string[], key: string, value: string): Sysctls {
  return Object.fromEntries(devices.map((device) => [`net.ipv4.conf.${device}.${key}`, value]));
}
