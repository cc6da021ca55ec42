import type { NamedRole } from '../../model/nodesOf.js';
import { nodesOf } from '../../model/nodesOf.js';
import { devicesOf, ownDevice } from '../../model/devicesOf.js';
import { vipNames } from '../../model/virtualServices.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { addedAddresses, hostPrefix, ownAddress } from '../../network/allocation.js';
import { command } from '../commands/command.js';
import { ipOf, type Setting } from './setting.js';
import { clientsDevice, realserversDevice } from './sides.js';

/** Gives a node the address that is of none of the lab's networks. In IPv6 all addresses are given so. */
export function addedCommands(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  const added = addedAddresses(topology)[node.name];
  if (added === undefined || addresses.family === 'ipv6') return [];
  const device = node.role === 'director' ? realserversDevice(setting, node) : ownDevice(topology, node);
  return [command("have the site's address", ['ip', 'addr', 'add', `${added}/32`, 'dev', device])];
}

/** Gives the client the addresses that its connections come from beside its own. */
export function clientCommands({ role, name }: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses, clients } = setting;
  if (role !== 'client') return [];
  const device = ownDevice(topology, { role, name });
  const nodad = addresses.family === 'ipv6' ? ['nodad'] : [];
  return clients.map((address) =>
    command('be several clients', [
      ...ipOf(addresses.family),
      ...['addr', 'add', `${address}/${hostPrefix(addresses.family)}`, 'dev', device, ...nodad],
    ]),
  );
}

/** Routes to single hosts: to those whose addresses are of none of the lab's networks, and from a director that has several interfaces. */
export function hostRoutes(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  const added = addedAddresses(topology);
  const vipOf = (name: string) => addresses.vips[vipNames(topology).indexOf(name)];
  const isAsked = (name: string) =>
    added[name] !== undefined || (node.role === 'director' && topology.sides !== undefined);
  const source = added[node.name];
  return peersOf(node, setting)
    .filter(({ name }) => isAsked(name))
    .map(({ name, device }) => {
      const to = `${vipOf(name) ?? ownAddress(addresses, name)}/${hostPrefix(addresses.family)}`;
      const from = source === undefined ? [] : ['src', source];
      const words = [...ipOf(addresses.family), 'route', 'add', to, 'dev', device, ...from];
      return command(`find ${vipOf(name) === undefined ? name : 'the VIP'} on the link`, words);
    });
}

interface Peer {
  readonly name: string;
  readonly device: string;
}

/** The hosts that a node sends to without a router between them. */
function peersOf(node: NamedRole, setting: Setting): readonly Peer[] {
  const { topology } = setting;
  const [first = '', last = first] = devicesOf(topology, node);
  const isFlat = topology.network === 'flat';
  const nodes = nodesOf(topology);
  const of = (wanted: NamedRole['role'], device: string): readonly Peer[] =>
    nodes.filter((one) => one.role === wanted).map(({ name }) => ({ name, device }));
  const vips = (device: string): readonly Peer[] => vipNames(topology).map((name) => ({ name, device }));
  switch (node.role) {
    case 'client':
      return isFlat ? vips(first) : [];
    case 'router':
      return [...of('client', first), ...vips(last), ...of('director', last), ...of('realserver', last)];
    case 'director':
      return [
        ...of(isFlat ? 'client' : 'router', clientsDevice(setting, node)),
        ...of('realserver', realserversDevice(setting, node)),
      ];
    case 'realserver':
      return [...of('director', first), ...(isFlat ? of('client', first) : [])];
  }
}
