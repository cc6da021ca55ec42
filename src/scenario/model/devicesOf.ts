import { type NamedRole, nodesOf } from './nodesOf.js';
import type { Topology } from './scenario.js';

/** What the engine calls a node's interfaces: eth0, and on a router eth1 too. */
function engineDevices({ role }: NamedRole): readonly string[] {
  return role === 'router' ? ['eth0', 'eth1'] : ['eth0'];
}

/** The names of a node's interfaces in their order: those that the topology gives to it or to its role, else the engine's. */
export function devicesOf({ devices = {} }: Pick<Topology, 'devices'>, node: NamedRole): readonly string[] {
  const named = devices[node.name] ?? devices[node.role] ?? [];
  return engineDevices(node).map((device, index) => named[index] ?? device);
}

/** The names of the interfaces of a node that is known by its own name. */
export function devicesOfNamed(topology: Topology, name: string): readonly string[] {
  const node = nodesOf(topology).find((one) => one.name === name);
  if (node === undefined) throw new RangeError(`the topology has no ${name}`);
  return devicesOf(topology, node);
}

/** The one interface on the servers' network, by which packets of the service come; the client's only one. */
export function ownDevice(topology: Pick<Topology, 'devices'>, node: NamedRole): string {
  return devicesOf(topology, node).at(-1) ?? 'eth0';
}

/** An interface as the name of a sysctl has it, in which dots are between words. */
export function inSysctl(device: string): string {
  return device.replaceAll('.', '/');
}
