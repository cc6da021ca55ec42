import type { Forwarding } from '../../../contracts/words/network.js';
import { ownAddress } from '../../network/addresses.js';
import { command } from '../commands/command.js';
import { type NamedRole, nodesOf } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import type { VirtualService } from '../../model/scenario.js';
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
  const { port, fwmark, scheduler, persistent } = service;
  const selector =
    fwmark === undefined
      ? ['-t', endpoint(addresses.vip, port)]
      : ['-f', String(fwmark), ...(addresses.family === 'ipv6' ? ['-6'] : [])];
  const persistence = persistent === undefined ? [] : ['-p', String(persistent)];
  const servers = nodesOf(topology)
    .filter(({ name, role }) => role === 'realserver' || (topology.localRealserver && name === director.name))
    .map(({ name }) => ({ name, address: ownAddress(addresses, name) }));
  return [
    command(`create the IPVS service for ${fwmark === undefined ? `port ${port}` : `mark ${fwmark}`}`, [
      'ipvsadm',
      '-A',
      ...selector,
      '-s',
      scheduler,
      ...persistence,
    ]),
    ...servers.map(({ name, address }) => {
      // A marked packet keeps its port.
      const to = fwmark === undefined ? endpoint(address, port) : address;
      const how =
        name === director.name
          ? 'itself, as a local node'
          : `${name} by ${forwardingName[topology.forwarding]}`;
      const option = forwardingOption[topology.forwarding];
      return command(`forward to ${how}`, ['ipvsadm', '-a', ...selector, '-r', to, option]);
    }),
  ];
}

function markCommands({ topology, addresses, iptables }: NodeSetting): readonly PlannedCommand[] {
  const program = `${addresses.family === 'ipv4' ? 'iptables' : 'ip6tables'}-${iptables}`;
  return topology.services.flatMap(({ port, fwmark }) => {
    if (fwmark === undefined) return [];
    const match = ['-d', addresses.vip, '-p', 'tcp', '--dport', String(port)];
    const rule = ['-A', 'PREROUTING', ...match, '-j', 'MARK', '--set-mark', String(fwmark)];
    return [command(`mark packets for port ${port}`, [program, '-t', 'mangle', ...rule])];
  });
}

/** Services with one mark are one service. */
function distinctServices(services: readonly VirtualService[]): readonly VirtualService[] {
  return services.filter(
    ({ fwmark }, index) =>
      fwmark === undefined || services.findIndex((other) => other.fwmark === fwmark) === index,
  );
}

function syncCommands({ name }: NamedRole, { topology }: Setting): readonly PlannedCommand[] {
  if (!topology.sync) return [];
  const state = name === 'director' ? 'master' : 'backup';
  const daemon = ['--start-daemon', state, '--mcast-interface', 'eth0', '--syncid', syncId];
  return [command(`synchronise connections as ${state}`, ['ipvsadm', ...daemon])];
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
