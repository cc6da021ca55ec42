import type { Site } from '../site/model/site.js';
import { answerOf } from './answerService.js';
import { filtersOf } from './filters.js';
import { type Predicted, worstOf } from './model/predicted.js';
import type { Assumption, RealserverPrediction, ServicePrediction } from './model/prediction.js';
import type { DirectorFilters, ServiceServer, VirtualService } from './model/question.js';
import { tcpKinds, udpKinds } from './packets/packetClasses.js';
import { isUntracking, realserverStates, walkRealserver } from './packets/walkRealserver.js';
import { universeOf } from './universeOf.js';

/** The files of a realserver, or of several that have the same. */
export interface RealserverSite {
  /** As it was given: `10.0.0.11=rs1.tar`, `realserver.save`. */
  readonly name: string;
  /** The addresses of those that have these files; undefined: all of which no others are given. */
  readonly addresses: readonly string[] | undefined;
  readonly site: Site;
}

/** Realservers with their rules read. */
export interface ReadRealserver extends RealserverSite {
  readonly filters: DirectorFilters;
}

/** Reads the rules of realservers. What is not understood is among the problems of each. */
export function readRealservers(sites: readonly RealserverSite[]): readonly (ReadRealserver & {
  readonly problems: Site['problems'];
})[] {
  return sites.map((one) => {
    const { problems, ...filters } = filtersOf(one.site);
    return { ...one, filters, problems: [...one.site.problems, ...problems] };
  });
}

/**
 * A service's answer with what its realservers' own rules do to the packets that the director lets through. Throws TooManyKinds where rules
 * tell so much apart that nobody can follow.
 */
export function withRealservers(
  prediction: ServicePrediction,
  clients: readonly string[] | undefined,
  known: readonly ReadRealserver[],
): ServicePrediction {
  const { service } = prediction;
  const found = new Map<string, RealserverPrediction>();
  for (const server of service.servers) {
    const own = server.isLocal ? undefined : known[indexOfSite(server, known)];
    if (own === undefined) continue;
    const one = predictRealserver(service, server, clients, own);
    const key = JSON.stringify({ ...one, servers: [] });
    const same = found.get(key);
    found.set(key, { ...one, servers: [...(same?.servers ?? []), ...one.servers] });
  }
  const realservers = [...found.values()];
  if (realservers.length === 0) return prediction;
  const outcome = worstOf([prediction.outcome, ...realservers.map((one): Predicted => one.outcome)]);
  const because = realservers.flatMap((one) => (one.outcome === 'unknown' ? one.because : []));
  return { ...prediction, outcome, because: [...prediction.because, ...because], realservers };
}

/** Which files are a realserver's: those that name it come before those that stand for all others; -1: none. */
export function indexOfSite(
  { address }: Pick<ServiceServer, 'address'>,
  sites: readonly Pick<RealserverSite, 'addresses'>[],
): number {
  const named = sites.findIndex(({ addresses }) => addresses?.includes(address));
  return named >= 0 ? named : sites.findIndex(({ addresses }) => addresses === undefined);
}

function predictRealserver(
  service: VirtualService,
  server: ServiceServer,
  clients: readonly string[] | undefined,
  { site, filters, name }: ReadRealserver,
): RealserverPrediction {
  const kinds = service.protocol === 'tcp' ? tcpKinds : udpKinds;
  const names = site.interfaces?.map((one) => one.name).filter((one) => one !== 'lo');
  const wires = names?.filter((one) => !/^(?:ip6?)?tunl?\d|^ip6tnl/.test(one));
  const single = wires?.length === 1 ? wires : undefined;
  const isTunnelled = server.forwarding === 'tun';
  const tunnel = service.family === 'ipv4' ? 'tunl0' : 'ip6tnl0';
  const own = { ...service, servers: [server] };
  const universe = universeOf(
    own,
    {
      clientSide: isTunnelled ? [tunnel] : single,
      serverSide: single,
      clients,
      own: [],
      interfaces: names,
    },
    filters,
  );
  const walk = walkRealserver({ service: own, server, filters, kinds, universe });
  const isInPart = isUntracking(filters);
  const answer = answerOf({
    service: own,
    statesOf: (kind, isTracked) => realserverStates(kind, isTracked, isInPart),
    ...{ kinds, universe, walk },
  });
  const assumed: readonly Assumption[] = isTunnelled
    ? [{ text: `packets of the tunnel come out of ${tunnel}`, at: undefined }]
    : [];
  return {
    servers: [server.address],
    from: name,
    outcome: answer.outcome,
    packets: answer.packets,
    clients: answer.clients,
    situations: answer.situations,
    because: answer.because,
    assumed: [...assumed, ...answer.assumed],
  };
}
