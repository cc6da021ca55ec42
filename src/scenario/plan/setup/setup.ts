import { command, sysctlCommand } from '../commands/command.js';
import { devicesOf } from '../../model/devicesOf.js';
import type { NamedRole } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { addedCommands, clientCommands, hostRoutes } from './hosts.js';
import { datagramServerCommands } from './datagramServers.js';
import { linkCommands } from './links.js';
import { routeCommands } from './routes.js';
import { serviceCommands } from './ipvsServices.js';
import type { NodeSetting, Setting } from './setting.js';
import { realserversDevice, sideCommands } from './sides.js';
import { sysctlsOf } from './sysctls.js';
import { tunnelCommands, vipCommands } from './vip.js';

/** What makes a container play its role, in order. Plain `add` commands, because each lab is new. */
export function setupCommands(node: NamedRole, setting: NodeSetting): readonly PlannedCommand[] {
  return [
    ...tunnelCommands(node, setting),
    ...sideCommands(node, setting),
    ...sysctlCommand('set what the role needs', sysctlsOf(node, setting)),
    ...addedCommands(node, setting),
    ...ipv6Commands(node, setting),
    ...clientCommands(node, setting),
    ...hostRoutes(node, setting),
    ...routeCommands(node, setting),
    ...vipCommands(node, setting),
    ...datagramServerCommands(node, setting),
    ...serviceCommands(node, setting),
    ...linkCommands(node, setting),
  ];
}

/** IPv4 addresses are the engine's to assign; IPv6 ones are added here, so that one lab serves both families. */
function ipv6Commands(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  const devices = devicesOf(topology, node);
  const deviceOf = (index: number) =>
    node.role === 'director' ? realserversDevice(setting, node) : (devices[index] ?? '');
  if (addresses.family === 'ipv4') return [];
  return (addresses.interfaces[node.name] ?? []).map(({ address, prefix }, index) =>
    command('have an IPv6 address', [
      'ip',
      '-6',
      'addr',
      'add',
      `${address}/${prefix}`,
      'dev',
      deviceOf(index),
      'nodad',
    ]),
  );
}
