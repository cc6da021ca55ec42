import type { Family } from '../../../contracts/words/network.js';
import { command } from '../commands/command.js';
import type { NamedRole } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { forwardingsTo } from '../../model/virtualServices.js';
import { ipOf, type Setting, tunnelDevice } from './setting.js';
import { clientsDevice } from './sides.js';

type VipAddress = Pick<Setting['addresses'], 'family' | 'vip'>;

/** Puts the VIPs where a role has them. director2 has none until it takes them over. */
export function vipCommands(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { name, role } = node;
  const { topology, addresses } = setting;
  const { family, vips } = addresses;
  const ways = forwardingsTo(name, topology);
  if (name === 'director')
    return vips.map((vip) =>
      addVip(`take packets for the VIP`, { family, vip }, clientsDevice(setting, node)),
    );
  if (role !== 'realserver' || !(ways.has('dr') || ways.has('tun'))) return [];
  // Neither device answers for the VIP on eth0: IPv4 because of arp_ignore, IPv6 because Linux answers a neighbour
  // solicitation for addresses of the device that it came in by only (ndisc_recv_ns).
  const device = ways.has('tun') ? tunnelDevice(family) : 'lo';
  return vips.map((vip) =>
    addVip('take packets for the VIP, unknown to neighbours', { family, vip }, device),
  );
}

/** Makes a realserver's end of the tunnel ready; before its sysctls, for they need the device. */
export function tunnelCommands(
  { name, role }: NamedRole,
  { topology, addresses }: Setting,
): readonly PlannedCommand[] {
  if (role !== 'realserver' || !forwardingsTo(name, topology).has('tun')) return [];
  const device = tunnelDevice(addresses.family);
  const mode = addresses.family === 'ipv4' ? 'ipip' : 'ip6ip6';
  return [
    command('have the tunnel device', ['sh', '/lab/devices/tunnel.sh', device, mode]),
    command('take packets out of the tunnel', ['ip', 'link', 'set', device, 'up']),
  ];
}

/**
 * Gives the VIP to a device. Without `nodad`, IPv6 takes the address for new and tells the neighbours where it is. In IPv6 it is
 * deprecated from the start: otherwise it wins as the source of what the node sends to realservers (RFC 6724, rule 8, counts
 * the bits of its /128), and a realserver takes nothing out of a tunnel that comes from an address of its own.
 */
export function addVip(
  purpose: string,
  { family, vip }: VipAddress,
  device: string,
  { tellNeighbours = false }: { readonly tellNeighbours?: boolean } = {},
): PlannedCommand {
  const options = family === 'ipv6' && !tellNeighbours ? ['nodad'] : [];
  return command(purpose, [
    ...ipOf(family),
    'addr',
    'add',
    vipPrefix(family, vip),
    'dev',
    device,
    ...options,
    ...(family === 'ipv6' ? ['preferred_lft', '0'] : []),
  ]);
}

/** Takes the VIP from a device. */
export function removeVip(purpose: string, { family, vip }: VipAddress, device: string): PlannedCommand {
  return command(purpose, [...ipOf(family), 'addr', 'del', vipPrefix(family, vip), 'dev', device]);
}

function vipPrefix(family: Family, vip: string): string {
  return `${vip}/${family === 'ipv4' ? 32 : 128}`;
}
