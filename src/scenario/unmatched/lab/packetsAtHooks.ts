import type { Family } from '../../../contracts/words/network.js';
import type { Role } from '../../../contracts/words/nodes.js';
import type { Scenario } from '../../model/scenario.js';
import { allForwardings, servedPorts } from '../../model/virtualServices.js';
import type { Hook } from '../../../contracts/words/rules.js';
import type { PortRange } from '../../syntax/ports.js';
import { devicesOfRole } from './nodeFacts.js';

/** Packets of one kind that pass a hook: the service's own, and others that decide what becomes of those. */
export interface PacketKind {
  readonly protocols: readonly string[];
  /** The ports of the packets; undefined: they have none. */
  readonly ports:
    { readonly source: readonly PortRange[]; readonly destination: readonly PortRange[] } | undefined;
  readonly comesIn: readonly string[];
  readonly goesOut: readonly string[];
  readonly family: Family;
  /** Who sends them: hosts outside, of which there are more than the lab has; the site's own; or either. */
  readonly from: 'outside' | 'site' | 'either';
}

/** The ports that clients may have: the load's own, the kernel's, and those of flows. */
const clientPorts: readonly PortRange[] = [[1024, 65_535]];

/** The interfaces of nodes of a role, by which clients' packets come, and by which they go on. */
function sidesOf(role: Role, topology: Scenario['topology']) {
  const { sides } = topology;
  const isNamed = role === 'director' && sides !== undefined;
  const all = devicesOfRole(topology, role);
  return isNamed
    ? { clientSide: [sides.clients], serverSide: [sides.realservers] }
    : { clientSide: all, serverSide: all };
}

/** The ports that packets of the services have, before IPVS and behind it. */
export function servedRanges(topology: Scenario['topology']): readonly PortRange[] {
  const own = topology.services.map(({ port, lastPort = port }): PortRange => [port, lastPort]);
  const behind = servedPorts(topology).map((port): PortRange => [port, port]);
  const isNew = ([port]: PortRange) => !own.some(([first, last]) => first <= port && port <= last);
  return [...own, ...behind.filter(isNew)];
}

/** The packets that pass each hook on nodes of a role. */
export function packetsAtHooks(
  role: Role,
  scenario: Pick<Scenario, 'topology'>,
): Readonly<Record<Hook, readonly PacketKind[]>> {
  const { topology } = scenario;
  const { family, replies } = topology;
  const ways = allForwardings(topology);
  const service = servedRanges(topology);
  const { clientSide, serverSide } = sidesOf(role, topology);
  const devices = [...new Set([...clientSide, ...serverSide])];
  const packets = (
    from: PacketKind['from'],
    protocols: readonly string[],
    ports?: PacketKind['ports'],
    [comesIn, goesOut]: readonly [readonly string[], readonly string[]] = [devices, devices],
  ): PacketKind => ({ protocols, ports, comesIn, goesOut, family, from });
  // A client that refuses what it sends itself is told its own address.
  const request = packets(
    role === 'client' ? 'site' : 'outside',
    ['tcp', '6'],
    { source: clientPorts, destination: service },
    [clientSide, serverSide],
  );
  const reply = packets('site', ['tcp', '6'], { source: service, destination: clientPorts }, [
    serverSide,
    clientSide,
  ]);
  const icmp = packets('either', family === 'ipv4' ? ['icmp', '1'] : ['icmpv6', 'ipv6-icmp', '58']);
  const tunnelled = ways.has('tun') ? [packets('site', ['ipencap', 'ipip', '4', '94', 'ipv6', '41'])] : [];
  // Nodes find each other with ICMPv6, and learn of a tunnel's room by ICMP.
  const control = family === 'ipv6' || ways.has('tun') ? [icmp] : [];
  const throughDirector = ways.has('nat') || replies === 'director';
  const none: readonly PacketKind[] = [];
  switch (role) {
    case 'director': {
      const back = throughDirector ? [reply, icmp] : none;
      const into = [request, ...control];
      const outOf = [request, ...tunnelled, icmp, reply];
      return {
        PREROUTING: [...into, ...back],
        INPUT: into,
        FORWARD: back,
        OUTPUT: outOf,
        POSTROUTING: outOf,
      };
    }
    case 'realserver': {
      const into = [request, ...tunnelled, ...control];
      return {
        PREROUTING: into,
        INPUT: into,
        FORWARD: none,
        OUTPUT: [reply, icmp],
        POSTROUTING: [reply, icmp],
      };
    }
    case 'client':
      return {
        PREROUTING: [reply, icmp],
        INPUT: [reply, icmp],
        FORWARD: none,
        OUTPUT: [request, ...control],
        POSTROUTING: [request, ...control],
      };
    case 'router': {
      const both = [request, reply, icmp];
      return { PREROUTING: both, INPUT: control, FORWARD: both, OUTPUT: [icmp], POSTROUTING: both };
    }
  }
}
