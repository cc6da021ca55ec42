import type { ConntrackState } from '../../prediction/model/filter.js';
import { tcpKinds, udpKinds } from '../../prediction/packets/packetClasses.js';
import { statesOf } from '../../prediction/packets/states.js';
import type { ChangedSite } from '../model/changedSite.js';
import type { AdmittedPackets } from '../model/admittedPackets.js';
import type { Obstacle } from './obstacles.js';

/** How narrowly packets are described: by what they are for, by their state, or not at all beside their addresses. */
export type Narrowness = 'flags' | 'states' | 'addresses';

/** The packets that end at an obstacle, described as rules there see them. */
export function wantedAt(
  site: ChangedSite,
  obstacle: Obstacle,
  narrowness: Narrowness,
): readonly AdmittedPackets[] {
  const { service, packets, hook } = obstacle;
  const { family, protocol, vip, port, servers } = service.service;
  const found: AdmittedPackets[] = [];
  const from = (side: string) => packets.filter((packet) => packet.from === side);
  if (from('neighbour').length + from('director').length > 0) found.push({ family, protocol: 'neighbour' });
  const narrow = narrowed(site, obstacle, narrowness);
  if (from('client').length > 0)
    for (const end of hook === 'OUTPUT' || hook === 'POSTROUTING' ? servers : [undefined])
      found.push(
        end === undefined || (end.forwarding === 'dr' && !end.isLocal)
          ? { family, protocol, destination: vip, destinationPort: port, ...narrow }
          : end.forwarding === 'tun'
            ? { family, protocol: 'tunnel', destination: end.address, ...statesOnly(narrow) }
            : { family, protocol, destination: end.address, destinationPort: end.port, ...narrow },
      );
  if (from('realserver').length > 0)
    for (const { address, port: own, isLocal } of servers)
      found.push(
        isLocal || hook === 'POSTROUTING'
          ? { family, protocol, source: vip, sourcePort: port, ...narrow }
          : { family, protocol, source: address, sourcePort: own, ...narrow },
      );
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** The states that packets at an obstacle have there. */
export function statesAt(site: ChangedSite, { service, packets, hook }: Obstacle): readonly ConntrackState[] {
  const { sysctls } = site.site;
  const forwarding = service.service.servers[0]?.forwarding ?? 'dr';
  const settings = {
    vsConntrack: sysctls?.get('net.ipv4.vs.conntrack')?.trim() === '1',
    loose: sysctls?.get('net.netfilter.nf_conntrack_tcp_loose')?.trim() !== '0',
    forwarding,
  };
  const kinds = [...tcpKinds, ...udpKinds];
  const stage = hook === 'OUTPUT' || hook === 'POSTROUTING' ? 'after IPVS' : 'before IPVS';
  const states = packets.flatMap(({ packet, state }): readonly ConntrackState[] => {
    const kind = kinds.find(({ name }) => name === packet);
    return kind === undefined ? [] : statesOf(kind, stage, state !== 'UNTRACKED', settings);
  });
  return [...new Set(states)];
}

function narrowed(
  site: ChangedSite,
  obstacle: Obstacle,
  narrowness: Narrowness,
): Pick<AdmittedPackets, 'flags' | 'states'> {
  const { packets, service } = obstacle;
  const names = packets.map(({ packet }) => packet);
  const isOpening = names.some((name) => name === 'SYN') && !obstacle.isCounting;
  if (narrowness === 'addresses') return {};
  if (narrowness === 'states' || service.service.protocol === 'udp' || isOpening)
    return { states: statesAt(site, obstacle) };
  return { flags: names.every((name) => /FIN|RST/.test(name)) ? 'closing' : 'later' };
}

function statesOnly({ states }: Pick<AdmittedPackets, 'flags' | 'states'>): Pick<AdmittedPackets, 'states'> {
  return states === undefined ? {} : { states };
}
