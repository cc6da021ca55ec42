import { addressNumber, everyAddress, parseRange } from '../site/model/addressRange.js';
import type { Term } from './model/filter.js';
import type { Director, DirectorFilters, VirtualService } from './model/question.js';
import { AtomSet } from './walk/atomSet.js';
import { AddressAtoms, anyClient, InterfaceAtoms, ListedAtoms, PortAtoms } from './walk/universe.js';
import type { Universe } from './walk/view.js';

/** The ports that clients may have. */
const clientPorts = [1024, 65_535] as const;

/** Cuts all that packets of a service may differ in into the pieces that the rules tell apart. */
export function universeOf(
  service: VirtualService,
  director: Pick<Director, 'clientSide' | 'serverSide' | 'clients' | 'own' | 'interfaces'>,
  { families }: DirectorFilters,
): Universe {
  const { family, servers } = service;
  const terms = families.flatMap((chains) =>
    [...chains.values()].flatMap(({ base, rules }) =>
      base?.families.includes(family) === false
        ? []
        : rules.flatMap((rule) => rule.terms.flatMap(simpleTerms)),
    ),
  );
  const of = <Kind extends Term['kind']>(kind: Kind) =>
    terms.filter((term): term is Extract<Term, { readonly kind: Kind }> => term.kind === kind);
  const given = director.clients?.map(parseRange).filter((range) => range?.family === family);
  const any = anyClient(family);
  const within = given?.filter((range) => range !== undefined) ?? any.within;
  const own = [service.vip, ...director.own].map(parseRange).filter((range) => range?.family === family);
  const named = of('address').flatMap(({ ranges }) => ranges.filter((range) => range.family === family));
  const names = [...of('interface').flatMap((term) => term.names), ...(director.interfaces ?? [])];
  const sets = [...new Set(of('listed').map(({ name }) => name))];
  return {
    client: AddressAtoms.of(
      within.length === 0 ? [everyAddress(family)] : within,
      given === undefined ? [...any.taken, ...own.filter((range) => range !== undefined)] : [],
      named,
    ),
    port: new PortAtoms(
      clientPorts,
      of('port').flatMap(({ ranges }) => ranges),
    ),
    listed: new ListedAtoms(sets.slice(0, ListedAtoms.most)),
    clientSide:
      director.clientSide === undefined
        ? InterfaceAtoms.unknown(names)
        : InterfaceAtoms.known(director.clientSide),
    serverSide:
      director.serverSide === undefined
        ? InterfaceAtoms.unknown(names)
        : InterfaceAtoms.known(director.serverSide),
    server: {
      all: AtomSet.all(servers.length),
      pieces: servers.map(({ address, port }) => ({ address: addressNumber(address) ?? -1n, port })),
    },
  };
}

/** A term, or those of all its alternatives. */
function simpleTerms(term: Term): readonly Term[] {
  return term.kind === 'any' ? term.alternatives.flatMap((terms) => terms.flatMap(simpleTerms)) : [term];
}
