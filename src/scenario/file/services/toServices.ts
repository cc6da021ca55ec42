import type { VirtualService } from '../../model/scenario.js';
import { fromIpvsadm } from '../checks/fromIpvsadm.js';
import type { FileServices } from '../schema/services.js';

/**
 * The services of a topology, in the form that the program works with. What the file leaves out stays undefined, because control runs are shared
 * by a hash of this.
 */
export function toServices(topology: TopologyFile): readonly VirtualService[] {
  const { services } = topology;
  const isListed = Array.isArray(services);
  return isListed ? services.map(toService) : fromIpvsadm(services.ipvsadm, topology).services;
}

type TopologyFile = Readonly<Record<string, unknown>> & { readonly services: FileServices };
type FileService = Extract<FileServices, readonly unknown[]>[number];

function toService(file: FileService): VirtualService {
  const { port, scheduler, persistent, fwmark, vip, realservers } = file;
  const lastPort = port.last === port.first ? undefined : port.last;
  return {
    port: port.first,
    scheduler,
    persistent,
    fwmark,
    lastPort,
    protocol: file.protocol === 'udp' ? 'udp' : undefined,
    onePacket: file['one-packet'] === true ? true : undefined,
    vip: vip === 1 ? undefined : vip,
    realserverPort: file['realserver-port'],
    schedulerFlags: file['scheduler-flags'],
    persistenceNetmask: file['persistence-netmask'],
    persistenceEngine: file['persistence-engine'],
    realservers:
      realservers && Object.entries(realservers).map(([node, destination]) => ({ node, ...destination })),
  };
}
