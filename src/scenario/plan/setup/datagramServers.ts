import { ownAddress } from '../../network/allocation.js';
import { command } from '../commands/command.js';
import { type NamedRole, servingNodes } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { forwardingsTo, servedPorts } from '../../model/virtualServices.js';
import type { Setting } from './setting.js';

/**
 * Starts the UDP server of a node that serves, at each address by which requests come: once the VIPs are there, because a reply must come from
 * the address that its request went to.
 */
export function datagramServerCommands(
  { name }: NamedRole,
  { topology, addresses }: Setting,
): readonly PlannedCommand[] {
  const ports = servedPorts(topology, 'udp');
  if (ports.length === 0 || !servingNodes(topology).includes(name)) return [];
  const ways = forwardingsTo(name.startsWith('director') ? 'director' : name, topology);
  const own = ways.has('nat') || name.startsWith('director') ? [ownAddress(addresses, name)] : [];
  const vips = ways.has('dr') || ways.has('tun') ? addresses.vips : [];
  // The second director has no VIP yet.
  const all = [...own, ...(name === 'director2' ? [] : vips)];
  return [command('answer datagrams', ['perl', '/lab/server/datagrams.pl', name, ports.join(','), ...all])];
}
