import type { NamedRole } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { ownAddress } from '../../network/allocation.js';
import { nodesOf } from '../../model/nodesOf.js';
import { ownDevice } from '../../model/devicesOf.js';
import { command } from '../commands/command.js';
import type { Setting } from './setting.js';

/** The name of a director's interface that the engine makes, which it keeps where `sides` gives the director others. */
const wire = 'eth0';

/** The interface by which a director gets clients' packets; it has the VIP. */
export function clientsDevice({ topology }: Pick<Setting, 'topology'>, director: NamedRole): string {
  return topology.sides?.clients ?? ownDevice(topology, director);
}

/** The interface behind which a director has its realservers; it has the director's own address. */
export function realserversDevice({ topology }: Pick<Setting, 'topology'>, director: NamedRole): string {
  return topology.sides?.realservers ?? ownDevice(topology, director);
}

/** The interfaces of a director that are called as the site calls them, beside the engine's own. */
export function namedDevices({ topology: { sides } }: Pick<Setting, 'topology'>): readonly string[] {
  return sides === undefined
    ? []
    : [...new Set([sides.clients, sides.realservers])].filter((name) => name !== wire);
}

/**
 * Gives a director interfaces with the site's names. The engine's own interface cannot be renamed, because captures and samplers hold it. So
 * packets that arrive by it are redirected to the interface by which they arrive at the site, which has the same MAC address; and what the site's
 * interfaces send is redirected to the engine's.
 */
export function sideCommands(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const names = node.role === 'director' ? namedDevices(setting) : [];
  if (names.length === 0) return [];
  const tc = (...words: readonly string[]) =>
    command('pass packets from one interface to the other', ['tc', ...words]);
  // What comes in where it would be passed to stays there.
  const redirect = (way: 'ingress' | 'egress', device: string) =>
    way === 'ingress' && device === wire
      ? ['action', 'pass']
      : ['action', 'mirred', way, 'redirect', 'dev', device];
  return [
    ...names.flatMap((name) => [
      command(`have an interface called ${name}`, ['sh', '/lab/devices/add.sh', name, wire]),
      tc('qdisc', 'add', 'dev', name, 'clsact'),
      tc('filter', 'add', 'dev', name, 'egress', 'matchall', ...redirect('egress', wire)),
    ]),
    tc('qdisc', 'add', 'dev', wire, 'clsact'),
    ...fromRealservers(setting, node).map((match) =>
      tc(
        'filter',
        'add',
        'dev',
        wire,
        'ingress',
        ...match,
        ...redirect('ingress', realserversDevice(setting, node)),
      ),
    ),
    ...(clientsDevice(setting, node) === wire
      ? []
      : [
          tc(
            ...['filter', 'add', 'dev', wire, 'ingress', 'prio', '9', 'matchall'],
            ...redirect('ingress', clientsDevice(setting, node)),
          ),
        ]),
  ];
}

/** What tells packets of realservers, where they come in by an interface of their own: their addresses, also where they are asked for. */
function fromRealservers(setting: Setting, director: NamedRole): readonly (readonly string[])[] {
  const { topology, addresses } = setting;
  if (clientsDevice(setting, director) === realserversDevice(setting, director)) return [];
  const own = nodesOf(topology)
    .filter(({ role }) => role === 'realserver')
    .map(({ name }) => ownAddress(addresses, name));
  return own.flatMap((address) =>
    addresses.family === 'ipv4'
      ? [
          ['prio', '1', 'protocol', 'ip', 'flower', 'src_ip', address],
          ['prio', '2', 'protocol', 'arp', 'flower', 'arp_sip', address],
        ]
      : [['prio', '3', 'protocol', 'ipv6', 'flower', 'src_ip', address]],
  );
}
