import { type FamilyAddresses, ownAddress } from '../addresses.js';
import { command } from '../command.js';
import type { NamedRole } from '../nodes.js';
import type { PlannedCommand } from '../planTypes.js';
import type { Family } from '../types.js';
import { segmentSize } from '../segmentSize.js';
import { ipOf, repliesThroughDirector, type Setting } from './setting.js';

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
  return [
    command(`let ${name} ask for segments that fit the tunnel`, [
      ...ipOf(addresses.family),
      ...routeOnLink(ownAddress(addresses, 'client'), setting),
    ]),
    ...routesToSources(name, setting),
  ];
}

/** One process for all of them: under emulation each costs tens of milliseconds. */
function routesToSources(name: string, setting: Setting): readonly PlannedCommand[] {
  const { sources, addresses } = setting;
  if (sources.length === 0) return [];
  const lines = sources.map((source) => routeOnLink(source, setting).join(' '));
  const script = [...ipOf(addresses.family), '-batch', '-', `<<'END'\n${lines.join('\n')}\nEND`].join(' ');
  return [command(`let ${name} ask the flows for the same`, ['sh', '-ec', script])];
}

function routeOnLink(address: string, setting: Setting): readonly string[] {
  const to = `${address}/${setting.addresses.family === 'ipv4' ? 32 : 128}`;
  return ['route', 'add', to, 'dev', 'eth0', ...advertisedMss(setting)];
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

/**
 * The MSS that a realserver behind a tunnel announces. Without it a client sends full packets, which with the tunnel's header are
 * too big for the way to the realserver; the director would then have to ask each client for smaller ones with ICMP.
 */
function advertisedMss({ topology }: Setting): readonly string[] {
  return topology.forwarding === 'tun' ? ['advmss', String(segmentSize(topology))] : [];
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
