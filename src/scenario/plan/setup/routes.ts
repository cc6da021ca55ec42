import type { Family } from '../../../contracts/words/network.js';
import { addedAddresses, type FamilyAddresses, ownAddress } from '../../network/allocation.js';
import { command } from '../commands/command.js';
import type { NamedRole } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import { ipOf, repliesOfThroughDirector, type Setting } from './setting.js';

/** A node's routes beside those of its own networks. */
export function routeCommands({ name, role }: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  if (role === 'router' || topology.network !== 'routed') return [];
  if (role === 'realserver') return realserverDefault(name, setting, 'add', 'director');
  if (role === 'director') return [defaultRoute(addresses.family, 'add', ownAddress(addresses, 'router'))];
  const added = addedAddresses(topology)['client'];
  const source = added === undefined ? [] : ['src', added];
  return [defaultRoute(addresses.family, 'add', routersFront(addresses), source)];
}

/** A realserver's default route: the router, or the director through which replies go; `replace` when another takes over. */
export function realserverDefault(
  realserver: string,
  { topology, addresses }: Setting,
  verb: 'add' | 'replace',
  director: string,
): readonly PlannedCommand[] {
  const through = repliesOfThroughDirector(realserver, topology) ? director : 'router';
  const next = ownAddress(addresses, through);
  return [defaultRoute(addresses.family, verb, next)];
}

function defaultRoute(
  family: Family,
  verb: 'add' | 'replace',
  next: string,
  source: readonly string[] = [],
): PlannedCommand {
  const route = ['route', verb, 'default', 'via', next, ...source];
  return command(`send what is not for its own network to ${next}`, [...ipOf(family), ...route]);
}

function routersFront({ interfaces }: FamilyAddresses): string {
  const address = interfaces['router']?.[0]?.address;
  if (address === undefined) throw new RangeError('a routed network has no router');
  return address;
}
