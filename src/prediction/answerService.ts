import { rangeText } from '../site/model/addressRange.js';
import { type ClientGroup, passagesOf } from './answer/clientGroups.js';
import { clientsText } from './answer/clientsText.js';
import { exampleOf } from './answer/example.js';
import type { Fate } from './answer/fates.js';
import { type JudgedClients, type JudgedPassage, judgePassage } from './answer/judgePassage.js';
import type { ConntrackState } from './model/filter.js';
import { worstOf } from './model/predicted.js';
import type {
  Assumption,
  ClientsPrediction,
  PacketPrediction,
  ServicePrediction,
  SituationPrediction,
  Unknown,
} from './model/prediction.js';
import type { VirtualService } from './model/question.js';
import type { PacketClass } from './packets/packetClasses.js';
import type { WalkResult } from './packets/hookWalk.js';
import type { Universe } from './walk/view.js';

/** A service, and what became of its packets on one host. */
export interface WalkedService {
  readonly service: VirtualService;
  /** The states that conntrack gives packets of a kind, where it looks at them and where not. */
  readonly statesOf: (kind: PacketClass, isTracked: boolean) => readonly ConntrackState[];
  readonly kinds: readonly PacketClass[];
  readonly universe: Universe;
  readonly walk: WalkResult;
}

/** The answer for a service on one host. */
export function answerOf(asked: WalkedService): ServicePrediction {
  const passages = passagesOf(asked.walk).map((passage) => judgePassage(passage, asked.kinds));
  const { service, universe, walk } = asked;
  const situations = situationsOf(passages, universe);
  const { outcome, supposed } = overall(situations);
  const worst =
    passages.find((passage) => passage.outcome === outcome && isSupposed(passage, supposed, universe)) ??
    passages[0];
  const clientGroups = worst?.clientGroups ?? [];
  const concerned = clientGroups.filter(
    (one) => one.outcome === outcome && (one.isOpening || outcome === 'unreachable'),
  );
  const main = largest(concerned.length > 0 ? concerned : clientGroups, universe);
  const others = othersOf(clientGroups, main, asked);
  const concernedServers = passages
    .filter((passage) => passage.outcome === outcome)
    .flatMap(({ groups }) => groups.server.map((index) => service.servers[index]?.address ?? ''));
  const servers = [...new Set(concernedServers)];
  const packets = main === undefined ? [] : packetsOf(main.fates, asked);
  const own = alike(clientGroups, main).map(({ clients }) => clients);
  return {
    service,
    outcome,
    packets,
    clients: others.length === 0 ? undefined : clientsText(own, universe),
    clientRanges: others.length === 0 ? undefined : rangesOf(own, universe),
    example: worst === undefined || main === undefined ? undefined : exampleOf(worst, main, universe),
    servers: servers.length === service.servers.length ? [] : servers,
    others,
    situations: situations.length > 1 ? situations : [],
    because: becauseOf(packets, situations, supposed),
    assumed: assumedOf(walk, supposed),
  };
}

/** What each way in and out comes to, over all realservers. */
function situationsOf(
  passages: readonly JudgedPassage[],
  universe: Universe,
): readonly SituationPrediction[] {
  const found = new Map<string, JudgedPassage[]>();
  for (const passage of passages) {
    const key = JSON.stringify([passage.groups.clientSide, passage.groups.serverSide]);
    found.set(key, [...(found.get(key) ?? []), passage]);
  }
  return [...found.values()].map((all) => ({
    clientSide: sideText(all[0]?.groups.clientSide ?? [], universe.clientSide),
    serverSide: sideText(all[0]?.groups.serverSide ?? [], universe.serverSide),
    outcome: worstOf(all.map(({ outcome }) => outcome)),
  }));
}

/** Interfaces in words; undefined: all of them, so that no rule asks. */
function sideText(atoms: readonly number[], { pieces }: Universe['clientSide']): string | undefined {
  if (atoms.length === pieces.length) return undefined;
  const named = atoms.flatMap((atom) => {
    const piece = pieces[atom];
    if (piece === undefined) return [];
    if (!piece.isOther) return [piece.name];
    return [piece.name === '' ? 'any other' : `another ${piece.name}*`];
  });
  return named.slice(0, 6).join(', ') + (named.length > 6 ? ' ...' : '');
}

/**
 * One answer for all ways in and out. Where they differ, and clients get in by some only, it is by these that they come, if all that get
 * in have the same trouble; that a site is healthy must hold for every way.
 */
function overall(situations: readonly SituationPrediction[]): {
  readonly outcome: ServicePrediction['outcome'];
  readonly supposed: readonly SituationPrediction[] | undefined;
} {
  const outcomes = new Set(situations.map(({ outcome }) => outcome));
  if (outcomes.size <= 1) return { outcome: [...outcomes][0] ?? 'unknown', supposed: undefined };
  const opening = situations.filter(({ outcome }) => outcome !== 'unreachable');
  const [first, ...others] = new Set(opening.map(({ outcome }) => outcome));
  const isSure = others.length === 0 && first !== undefined && first !== 'healthy' && first !== 'unknown';
  return isSure ? { outcome: first, supposed: opening } : { outcome: 'unknown', supposed: undefined };
}

function isSupposed(
  { groups }: JudgedPassage,
  supposed: readonly SituationPrediction[] | undefined,
  universe: Universe,
): boolean {
  const sides = [
    sideText(groups.clientSide, universe.clientSide),
    sideText(groups.serverSide, universe.serverSide),
  ];
  return (
    supposed === undefined ||
    supposed.some(({ clientSide, serverSide }) => clientSide === sides[0] && serverSide === sides[1])
  );
}

/** The largest group of clients. */
function largest(clientGroups: readonly JudgedClients[], { client }: Universe): JudgedClients | undefined {
  const size = ({ clients }: JudgedClients) =>
    clients.groups.client.reduce((sum, atom) => {
      const piece = client.pieces[atom];
      return piece === undefined ? sum : sum + piece.last - piece.first + 1n;
    }, 0n);
  return clientGroups.reduce<JudgedClients | undefined>(
    (most, one) => (most === undefined || size(one) > size(most) ? one : most),
    undefined,
  );
}

function alike(
  clientGroups: readonly JudgedClients[],
  main: JudgedClients | undefined,
): readonly JudgedClients[] {
  return clientGroups.filter(({ outcome }) => outcome === main?.outcome);
}

function rangesOf(groups: readonly ClientGroup[], { client }: Universe): readonly string[] {
  const atoms = new Set(groups.flatMap(({ groups: { client: own } }) => own));
  return [...atoms].flatMap((atom) => {
    const piece = client.pieces[atom];
    return piece === undefined ? [] : [rangeText(piece)];
  });
}

/** Clients that fare otherwise, together where they come to the same. */
function othersOf(
  clientGroups: readonly JudgedClients[],
  main: JudgedClients | undefined,
  asked: WalkedService,
): readonly ClientsPrediction[] {
  const byOutcome = new Map<string, JudgedClients[]>();
  for (const one of clientGroups) {
    if (one.outcome === main?.outcome) continue;
    const known = byOutcome.get(one.outcome);
    if (known === undefined) byOutcome.set(one.outcome, [one]);
    else known.push(one);
  }
  return [...byOutcome.values()].flatMap((group) => {
    const most = largest(group, asked.universe);
    if (most === undefined) return [];
    const clients = clientsText(
      group.map(({ clients }) => clients),
      asked.universe,
    );
    return [{ clients, outcome: most.outcome, packets: packetsOf(most.fates, asked) }];
  });
}

function packetsOf(fates: readonly Fate[], asked: WalkedService): readonly PacketPrediction[] {
  return fates.map((fate) => packetOf(fate, asked));
}

function packetOf(
  { kind, fate, isTracked, through, by, because }: Fate,
  { kinds, statesOf, walk }: WalkedService,
): PacketPrediction {
  const bit = 1 << kinds.indexOf(kind);
  const endings = new Map(
    by.map(({ at, end, chain }) => [at, { at, how: 'how' in end ? end.how : end.why, chain }]),
  );
  // Rules that let it through elsewhere on its way are none that missed it.
  const missed =
    fate === 'passes' ? [] : walk.near.filter((miss) => (miss.kinds & bit) !== 0).map(({ at }) => at);
  const states = statesOf(kind, isTracked);
  return {
    packet: kind.name,
    from: kind.from,
    state: states.join(' or '),
    fate,
    through,
    by: [...endings.values()],
    missed: unique(missed),
    because: because.map(({ at, text, why }) => ({ at, match: text, why })),
  };
}

function becauseOf(
  packets: readonly PacketPrediction[],
  situations: readonly SituationPrediction[],
  supposed: readonly SituationPrediction[] | undefined,
): readonly Unknown[] {
  const found = new Map(packets.flatMap(({ because }) => because.map((one) => [one.at, one] as const)));
  const isByInterface = situations.length > 1 && supposed === undefined;
  return isByInterface || found.size > 0 ? [...found.values()] : [];
}

function assumedOf(
  walk: WalkResult,
  supposed: readonly SituationPrediction[] | undefined,
): readonly Assumption[] {
  const bySide = (side: 'clientSide' | 'serverSide', text: string): readonly Assumption[] => {
    const names = unique((supposed ?? []).flatMap((one) => one[side] ?? []));
    return names.length === 0
      ? []
      : [{ text: `${text} ${names.join(', ')}: by any other nobody could connect`, at: undefined }];
  };
  return [
    ...bySide('clientSide', 'clients come in by'),
    ...bySide('serverSide', 'realservers are behind'),
    ...walk.assumed,
  ];
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}
