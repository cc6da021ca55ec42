import { devicesOfNamed, ownDevice } from '../model/devicesOf.js';
import type { NamedRole } from '../model/nodesOf.js';
import type { Scenario, Topology } from '../model/scenario.js';
import { forwardingsTo } from '../model/virtualServices.js';

/** What of a scenario decides where its connections are made. */
type Placing = Pick<Scenario, 'topology'> & { readonly load: Pick<Scenario['load'], 'from'> };

/** Whether connections are made on a node that is not the client. */
export function isFrom({ load: { from } }: Placing, { name }: NamedRole): boolean {
  return from === name;
}

/** The interface by which a node's packets of the service come and go. */
export function captureDevice(scenario: Placing, node: NamedRole): string {
  return isFrom(scenario, node)
    ? clientDevice(scenario.topology, node.name)
    : ownDevice(scenario.topology, node);
}

/** The interface by which connections of a node to the VIP leave it: a realserver that has the VIP itself answers itself. */
export function clientDevice(topology: Topology, name: string): string {
  const ways = forwardingsTo(name, topology);
  const hasVip = name !== 'director' && (ways.has('dr') || ways.has('tun'));
  return hasVip ? 'lo' : (devicesOfNamed(topology, name).at(-1) ?? 'eth0');
}
