import type { Forwarding } from '../../../contracts/words/network.js';
import { ownAddress } from '../../network/allocation.js';
import { command } from '../commands/command.js';
import type { NamedRole } from '../../model/nodesOf.js';
import { ownDevice } from '../../model/devicesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import type { Topology, VirtualService } from '../../model/scenario.js';
import { destinationsOf } from '../../model/virtualServices.js';
import type { NodeSetting, Setting } from './setting.js';

const forwardingOption: Readonly<Record<Forwarding, string>> = { dr: '-g', tun: '-i', nat: '-m' };
const forwardingName: Readonly<Record<Forwarding, string>> = {
  dr: 'direct routing',
  tun: 'a tunnel',
  nat: 'address translation',
};

/** Any number will do, as long as both directors have the same. */
const syncId = '1';

/** A director's IPVS services, firewall marks and connection synchronisation. */
export function serviceCommands(node: NamedRole, setting: NodeSetting): readonly PlannedCommand[] {
  return node.role === 'director' ? [...markCommands(setting), ...ipvsCommands(node, setting)] : [];
}

/** The commands that set up a director's IPVS again after it has been emptied. */
export function ipvsCommands(node: NamedRole, setting: Setting): readonly PlannedCommand[] {
  if (node.role !== 'director') return [];
  return [
    ...distinctServices(setting.topology.services).flatMap((service) => ipvsService(service, node, setting)),
    ...syncCommands(node, setting),
  ];
}

function ipvsService(
  service: VirtualService,
  director: NamedRole,
  { topology, addresses }: Setting,
): readonly PlannedCommand[] {
  const { fwmark } = service;
  const isMarked = fwmark !== undefined;
  const selector = isMarked
    ? ['-f', String(fwmark), ...(addresses.family === 'ipv6' ? ['-6'] : [])]
    : [service.protocol === 'udp' ? '-u' : '-t', endpoint(vipOf(service, addresses), service.port)];
  return [
    command(`create the IPVS service for ${isMarked ? `mark ${fwmark}` : `port ${service.port}`}`, [
      ...['ipvsadm', '-A', ...selector, ...schedulingOptions(service)],
    ]),
    ...destinationsOf(service, topology).map(({ node, weight, forwarding, port }) => {
      const name = node === 'director' ? director.name : node;
      const address = ownAddress(addresses, name);
      // A marked packet keeps its port.
      const to = isMarked ? address : endpoint(address, port);
      const how =
        name === director.name ? 'itself, as a local node' : `${name} by ${forwardingName[forwarding]}`;
      return command(`forward to ${how}`, [
        ...['ipvsadm', '-a', ...selector, '-r', to, forwardingOption[forwarding]],
        ...(weight === 1 ? [] : ['-w', String(weight)]),
      ]);
    }),
  ];
}

function schedulingOptions(service: VirtualService): readonly string[] {
  const { scheduler, schedulerFlags, persistent, persistenceNetmask, persistenceEngine } = service;
  return [
    ...['-s', scheduler],
    ...(persistent === undefined ? [] : ['-p', String(persistent)]),
    ...(persistenceNetmask === undefined ? [] : ['-M', persistenceNetmask]),
    ...(persistenceEngine === undefined ? [] : ['--pe', persistenceEngine]),
    ...(service.onePacket === true ? ['-o'] : []),
    ...(schedulerFlags === undefined ? [] : ['-b', schedulerFlags.join(',')]),
  ];
}

function vipOf({ vip = 1 }: VirtualService, { vips }: Setting['addresses']): string {
  const address = vips[vip - 1];
  if (address === undefined) throw new RangeError(`the topology has no VIP ${vip}`);
  return address;
}

/** The command line by which a director's IPVS keeps entries as long as the site's does. */
export function timeoutLines({ ipvsTimeouts }: Topology): readonly string[] {
  if (ipvsTimeouts === undefined) return [];
  const { tcp = 0, tcpFin = 0, udp = 0 } = ipvsTimeouts;
  // ipvsadm takes 0 for what stays as it is.
  return [`ipvsadm --set ${tcp} ${tcpFin} ${udp}`];
}

function markCommands({ topology, addresses, iptables }: NodeSetting): readonly PlannedCommand[] {
  const program = `${addresses.family === 'ipv4' ? 'iptables' : 'ip6tables'}-${iptables}`;
  return topology.services.flatMap((service) => {
    const { port, lastPort, fwmark } = service;
    if (fwmark === undefined) return [];
    const ports = lastPort === undefined ? String(port) : `${port}:${lastPort}`;
    const match = ['-d', vipOf(service, addresses), '-p', service.protocol ?? 'tcp', '--dport', ports];
    const rule = ['-A', 'PREROUTING', ...match, '-j', 'MARK', '--set-mark', String(fwmark)];
    return [
      command(`mark packets for ${lastPort === undefined ? 'port' : 'ports'} ${ports}`, [
        ...[program, '-t', 'mangle', ...rule],
      ]),
    ];
  });
}

/** Services with one mark are one service. */
function distinctServices(services: readonly VirtualService[]): readonly VirtualService[] {
  return services.filter(
    ({ fwmark }, index) =>
      fwmark === undefined || services.findIndex((other) => other.fwmark === fwmark) === index,
  );
}

function syncCommands(node: NamedRole, { topology }: Setting): readonly PlannedCommand[] {
  if (!topology.sync) return [];
  const state = node.name === 'director' ? 'master' : 'backup';
  const daemon = [
    '--start-daemon',
    state,
    '--mcast-interface',
    ownDevice(topology, node),
    '--syncid',
    syncId,
  ];
  return [command(`synchronise connections as ${state}`, ['ipvsadm', ...daemon])];
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
