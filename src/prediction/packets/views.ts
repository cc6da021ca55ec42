import type { Forwarding } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import { addressNumber } from '../../site/model/addressRange.js';
import type { Director, VirtualService } from '../model/question.js';
import type { KindView, Universe, View } from '../walk/view.js';
import type { PacketClass } from './packetClasses.js';
import { kindView } from './kindView.js';
import { type PacketStage, statesOf } from './states.js';

/** A point on the way of packets, where rules see them. */
export interface Waypoint {
  readonly hook: Hook;
  readonly stage: PacketStage;
  /** Whose packets pass. */
  readonly from: PacketClass['from'];
  readonly forwarding: Forwarding;
  /** Whether the director is the realserver. */
  readonly isLocal: boolean;
}

/** Packets of a service as rules at a waypoint see them. */
export function viewAt(
  waypoint: Waypoint,
  service: VirtualService,
  { kinds, universe, director }: { kinds: readonly PacketClass[]; universe: Universe; director: Director },
): View {
  const { hook, stage, from, forwarding } = waypoint;
  const { family, port } = service;
  const vip = { vip: addressNumber(service.vip) ?? -1n };
  const shared = { family, universe };
  const isTunnelled = stage === 'after IPVS' && forwarding === 'tun' && !waypoint.isLocal;
  const seen = kinds.map((kind) => kindAt(kind, { waypoint, isTunnelled, service, director }));
  if (from === 'realserver') {
    const isBack = stage === 'after IPVS' || waypoint.isLocal;
    return {
      ...shared,
      source: isBack ? vip : 'server',
      destination: 'client',
      sourcePort: isBack ? { port } : 'server',
      destinationPort: 'client',
      comesIn: hook === 'PREROUTING' || hook === 'FORWARD' ? 'serverSide' : undefined,
      goesOut: hook === 'PREROUTING' ? undefined : 'clientSide',
      kinds: seen,
    };
  }
  if (from === 'neighbour' || from === 'director') {
    const isIncoming = from === 'neighbour';
    return {
      ...shared,
      source: 'neighbour',
      destination: 'neighbour',
      sourcePort: undefined,
      destinationPort: undefined,
      comesIn: isIncoming ? 'clientSide' : undefined,
      goesOut: isIncoming ? undefined : 'clientSide',
      kinds: seen,
    };
  }
  const isBefore = stage !== 'after IPVS';
  const isTranslated = !isBefore && forwarding === 'nat';
  return {
    ...shared,
    source: isTunnelled ? 'own' : 'client',
    destination: isTranslated || isTunnelled ? 'server' : vip,
    sourcePort: isTunnelled ? undefined : 'client',
    destinationPort: isTunnelled ? undefined : isTranslated ? 'server' : { port },
    comesIn: isBefore ? 'clientSide' : undefined,
    goesOut: isBefore ? undefined : 'serverSide',
    kinds: seen,
  };
}

function kindAt(
  kind: PacketClass,
  {
    waypoint,
    isTunnelled,
    service,
    director,
  }: { waypoint: Waypoint; isTunnelled: boolean; service: VirtualService; director: Director },
): KindView {
  const { forwarding, stage } = waypoint;
  const settings = { vsConntrack: director.vsConntrack, loose: director.loose, forwarding };
  const states = {
    tracked: statesOf(kind, stage, true, settings),
    untracked: statesOf(kind, stage, false, settings),
  };
  return kindView(kind, service, isTunnelled, states);
}
