import { command } from '../commands/command.js';
import { devicesOf } from '../../model/devicesOf.js';
import type { NamedRole } from '../../model/nodesOf.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import type { Setting } from './setting.js';

/** The default of 1000 packets would lose more than the scenario asks for. */
const queueLimit = '10000';

/** Delay and loss on each of a node's interfaces; the last of its set-up, so that nothing of that is lost. */
export function linkCommands(node: NamedRole, { topology }: Setting): readonly PlannedCommand[] {
  const link = topology.links[node.name];
  if (link === undefined || (link.delay === 0 && link.loss === 0)) return [];
  const conditions = [
    ...(link.delay === 0 ? [] : ['delay', `${Math.round(link.delay * 1000)}ms`]),
    ...(link.loss === 0 ? [] : ['loss', `${link.loss}%`]),
  ];
  return devicesOf(topology, node).map((device) => {
    const qdisc = ['qdisc', 'add', 'dev', device, 'root', 'netem', 'limit', queueLimit];
    return command(`make ${device} as slow or lossy as the scenario wants it`, [
      'tc',
      ...qdisc,
      ...conditions,
    ]);
  });
}
