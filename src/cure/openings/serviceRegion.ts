import { addressNumber } from '../../site/model/addressRange.js';
import type { VirtualService } from '../../prediction/model/question.js';
import { AtomSet } from '../../prediction/walk/atomSet.js';
import type { Region } from '../../prediction/walk/box.js';
import type { EveryKind } from './everyPacket.js';
import type { RoutePackets } from './walkRoute.js';

/** Packets of a service on one way: all that look like its own, and of these the kinds that its connections are made of. */
export interface ServiceRegion {
  readonly region: Region;
  readonly needed: number;
}

/** The packets of a service among those that are asked about; undefined: it has none on this way. */
export function serviceRegion(service: VirtualService, asked: RoutePackets): ServiceRegion | undefined {
  const { route, kinds, space } = asked;
  if (service.family !== asked.family) return undefined;
  const isTunnel = route === 'out' && service.servers.some(({ forwarding }) => forwarding === 'tun');
  const own = service.protocol === 'tcp' ? 6 : 17;
  const mask = (isMeant: (kind: EveryKind) => boolean) =>
    kinds.reduce((all, kind, bit) => (isMeant(kind) ? all | (1 << bit) : all), 0);
  const isOwn = ({ protocol }: EveryKind) => protocol === own || (isTunnel && [4, 41].includes(protocol));
  const region = {
    kinds: mask(isOwn),
    ...(route === 'through' ? repliesFrom(service, asked) : { server: targetsOf(service, asked) }),
  };
  const isEmpty = region.kinds === 0 || ('server' in region && region.server.isEmpty);
  if (isEmpty || space.targets.length === 0) return undefined;
  return { region, needed: mask((kind) => isOwn(kind) && isOfConnection(kind, route)) };
}

function targetsOf({ vip, port, servers }: VirtualService, { route, space }: RoutePackets): AtomSet {
  const ends = [{ address: vip, port }, ...(route === 'out' ? servers : [])].map((end) => ({
    number: addressNumber(end.address),
    port: end.port,
    isAny: servers.some(({ address, forwarding }) => address === end.address && forwarding === 'tun'),
  }));
  return AtomSet.of(
    space.targets.flatMap(({ addresses: { first, last }, ports: [low, high] }, index) =>
      ends.some(
        (end) =>
          first === end.number && last === first && (end.isAny || (low === end.port && high === end.port)),
      )
        ? [[index, index] as const]
        : [],
    ),
  );
}

/** Replies of realservers, which pass the director with NAT. */
function repliesFrom({ servers }: VirtualService, { space }: RoutePackets): Pick<Region, 'client' | 'port'> {
  const { client, port } = space.universe;
  const addresses = servers.map(({ address }) => addressNumber(address));
  const among = <T>(pieces: readonly T[], isMeant: (piece: T) => boolean) =>
    AtomSet.of(pieces.flatMap((piece, index) => (isMeant(piece) ? [[index, index] as const] : [])));
  return {
    client: among(client.pieces, ({ first, last }) => first === last && addresses.includes(first)),
    port: among(port.pieces, ([low, high]) => low === high && servers.some((server) => server.port === low)),
  };
}

/** Whether a kind is one that a connection needs: the first packet of a flow that nobody remembers is judged by its flags alone. */
function isOfConnection({ flags, state, protocol }: EveryKind, route: RoutePackets['route']): boolean {
  if (protocol !== 6) return state === 'NEW' || state === 'UNTRACKED';
  if (flags === undefined) return false;
  const isReply = route === 'through';
  const bits = flags & 0x17;
  const isClosing = bits === 0x11 || bits === 0x04 || bits === 0x14;
  const isOpening = bits === (isReply ? 0x12 : 0x02);
  if (!isClosing && !isOpening && bits !== 0x10) return false;
  const forgotten = isClosing || (isOpening && isReply) ? 'INVALID' : 'NEW';
  return state === forgotten || state === 'UNTRACKED';
}
