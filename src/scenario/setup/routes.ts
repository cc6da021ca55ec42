import { type FamilyAddresses, ownAddress } from '../addresses.js';
import { command } from '../command.js';
import type { NamedRole } from '../nodes.js';
import type { Family, PlannedCommand } from '../types.js';
import { ipOf, repliesThroughDirector, type Setting } from './setting.js';

/**
 * The MSS that a realserver behind a tunnel announces: Ethernet's 1500 bytes less the tunnel's IP header, the packet's own and TCP's.
 * Without it a client sends full packets, which with the tunnel's header are too big for the way to the realserver; the director
 * would then have to ask each client for smaller ones with ICMP.
 */
const tunnelMss: Readonly<Record<Family, number>> = { ipv4: 1500 - 20 - 20 - 20, ipv6: 1500 - 40 - 40 - 20 };

/** A node's routes beside those of its own networks. */
export function routeCommands({ name, role }: NamedRole, setting: Setting): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  if (role === 'router') return [];
  if (topology.network === 'routed') {
    if (role === 'realserver') return realserverDefault(setting, 'add', 'director');
    const router = role === 'client' ? routersFront(addresses) : ownAddress(addresses, 'router');
    return [defaultRoute(addresses.family, 'add', router)];
  }
  if (role !== 'realserver' || topology.forwarding !== 'tun') return [];
  const client = `${ownAddress(addresses, 'client')}/${addresses.family === 'ipv4' ? 32 : 128}`;
  const route = ['route', 'add', client, 'dev', 'eth0', ...advertisedMss(setting)];
  return [command(`let ${name} ask for segments that fit the tunnel`, [...ipOf(addresses.family), ...route])];
}

/** A realserver's default route: the router, or the director through which replies go; `replace` when another takes over. */
export function realserverDefault(
  setting: Setting,
  verb: 'add' | 'replace',
  director: string,
): readonly PlannedCommand[] {
  const { topology, addresses } = setting;
  const next = ownAddress(addresses, repliesThroughDirector(topology) ? director : 'router');
  return [defaultRoute(addresses.family, verb, next, advertisedMss(setting))];
}

function advertisedMss({ topology, addresses }: Setting): readonly string[] {
  return topology.forwarding === 'tun' ? ['advmss', String(tunnelMss[addresses.family])] : [];
}

function defaultRoute(
  family: Family,
  verb: 'add' | 'replace',
  next: string,
  options: readonly string[] = [],
): PlannedCommand {
  const route = ['route', verb, 'default', 'via', next, ...options];
  return command(`send what is not for its own network to ${next}`, [...ipOf(family), ...route]);
}

function routersFront({ interfaces }: FamilyAddresses): string {
  const address = interfaces['router']?.[0]?.address;
  if (address === undefined) throw new RangeError('a routed network has no router');
  return address;
}
