import { addressNumber } from '../../site/model/addressRange.js';
import type { Hook } from '../../contracts/words/rules.js';
import type { ConntrackState } from '../model/filter.js';
import type { DirectorFilters, ServiceServer, VirtualService } from '../model/question.js';
import type { Box } from '../walk/box.js';
import type { KindView, Universe, View } from '../walk/view.js';
import type { EndedPackets } from '../walk/walkChain.js';
import { HookWalk, needsTracking, type WalkResult } from './hookWalk.js';
import { kindView } from './kindView.js';
import { kindsFrom, type PacketClass } from './packetClasses.js';

/** A service, its packets, and the realserver whose rules they pass. */
export interface ServiceOnRealserver {
  readonly service: VirtualService;
  /** The realserver: the only one of the universe. */
  readonly server: ServiceServer;
  readonly filters: DirectorFilters;
  readonly kinds: readonly PacketClass[];
  /** Its `clientSide` is where the service's packets come in; with TUN that is the tunnel, and `serverSide` what the tunnel's packets come by. */
  readonly universe: Universe;
}

const conntrackPriority = -200;

/** Sends all packets of a service through one of its realservers: requests in, and replies out. */
export function walkRealserver(input: ServiceOnRealserver): WalkResult {
  const { service, filters, server, kinds } = input;
  const isTracking = needsTracking(filters, service.family);
  const walk = new HookWalk(filters, service.family, isTracking);
  const tunnel = new HookWalk(filters, service.family, isTracking);
  const through = (hook: Hook, from: PacketClass['from'], boxes: readonly Box[], isOuter = false) =>
    (isOuter ? tunnel : walk).through(
      {
        hook,
        viewAt: (priority) => viewAt({ hook, from, isOuter, isEarly: priority < conntrackPriority }, input),
        isSourceOurs: hook === 'POSTROUTING',
      },
      boxes,
    );
  let requests = start(input, kindsFrom(kinds, 'client'));
  for (const isOuter of server.forwarding === 'tun' ? [true, false] : [false])
    for (const hook of ['PREROUTING', 'INPUT'] as const)
      requests = through(hook, 'client', requests, isOuter);
  walk.arrive(requests);
  let replies = start(input, kindsFrom(kinds, 'realserver'));
  for (const hook of ['OUTPUT', 'POSTROUTING'] as const) replies = through(hook, 'realserver', replies);
  walk.arrive(replies);
  const { ended, ...others } = walk.result;
  const inTunnel = tunnel.result.ended.map((packets) => ({
    ...packets,
    chain: `${packets.chain}, the tunnel's packets`,
  }));
  return {
    ...others,
    // To send them to another address or port of its own is a way to let a realserver take packets for the VIP.
    ended: [...ended, ...inTunnel].map((packets): EndedPackets =>
      packets.end.kind === 'divert'
        ? {
            ...packets,
            end: { kind: 'unclear', why: `${packets.end.how}: what takes it there is not followed` },
          }
        : packets,
    ),
  };
}

/** A realserver sees both ends of a connection, so its conntrack knows it from the first packet on. */
export function realserverStates(
  kind: PacketClass,
  isTracked: boolean,
  /** Whether rules take packets away from conntrack: then it may know half of a connection. */
  isInPart: boolean,
): readonly ConntrackState[] {
  if (!isTracked) return ['UNTRACKED'];
  if (kind.part === 'icmp') return ['RELATED'];
  if (kind.from === 'client' && kind.part === 'open' && kind.flags !== 0x10) return ['NEW'];
  if (isInPart) return ['ESTABLISHED', 'NEW', 'INVALID'];
  return ['ESTABLISHED'];
}

/** Whether rules take packets of a family away from conntrack. */
export function isUntracking({ families }: DirectorFilters): boolean {
  return families.some((chains) =>
    [...chains.values()].some(({ rules }) => rules.some(({ action }) => action.kind === 'untrack')),
  );
}

function start({ universe }: ServiceOnRealserver, kinds: number): readonly Box[] {
  const { client, port, listed, clientSide, serverSide, server } = universe;
  const sets = {
    client: client.all,
    port: port.all,
    listed: listed.all,
    clientSide: clientSide.all,
    serverSide: serverSide.all,
  };
  return [{ ...sets, server: server.all, kinds, mark: 0, tracked: true, doubts: [], passedRules: [] }];
}

interface Place {
  readonly hook: Hook;
  readonly from: PacketClass['from'];
  /** Whether it is the tunnel's packet that rules see. */
  readonly isOuter: boolean;
  /** Whether conntrack has not looked at it yet. */
  readonly isEarly: boolean;
}

function viewAt({ from, isOuter, isEarly }: Place, input: ServiceOnRealserver): View {
  const { service, server, universe, kinds, filters } = input;
  const { family } = service;
  const isInPart = isUntracking(filters);
  const vip = { vip: addressNumber(service.vip) ?? -1n };
  const own = server.forwarding === 'nat' ? 'target' : vip;
  const ownPort = server.forwarding === 'nat' ? 'server' : ({ port: service.port } as const);
  const seen = kinds.map((kind): KindView => {
    const states = {
      tracked: isOuter
        ? (['NEW'] as const)
        : isEarly
          ? (['INVALID'] as const)
          : realserverStates(kind, true, isInPart),
      untracked: ['UNTRACKED'] as const,
    };
    return kindView(kind, service, isOuter, states);
  });
  const shared = { family, universe, kinds: seen };
  if (isOuter)
    return {
      ...shared,
      source: 'own',
      destination: 'target',
      sourcePort: undefined,
      destinationPort: undefined,
      comesIn: 'serverSide',
      goesOut: undefined,
    };
  return from === 'client'
    ? {
        ...shared,
        source: 'client',
        destination: own,
        sourcePort: 'client',
        destinationPort: ownPort,
        comesIn: 'clientSide',
        goesOut: undefined,
      }
    : {
        ...shared,
        source: own,
        destination: 'client',
        sourcePort: ownPort,
        destinationPort: 'client',
        comesIn: undefined,
        goesOut: 'serverSide',
      };
}
