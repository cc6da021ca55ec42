import type { Chains, Term } from '../prediction/model/filter.js';
import type { ServiceServer, VirtualService } from '../prediction/model/question.js';
import { addressNumber, isInRange } from '../site/model/addressRange.js';
import { groupedBy } from './groupedBy.js';

/** How many realservers of those that rules treat alike a lab has: two, so that connections go to more than one. */
const alike = 2;

/**
 * Gives a function that says which addresses of rules include a realserver's. Realservers for which it says the same are treated alike by the
 * rules.
 */
export function kindOfServer(chains: readonly Chains[]): (server: ServiceServer) => string {
  const ranges = chains.flatMap((one) =>
    [...one.values()].flatMap(({ rules }) => rules.flatMap(({ terms }) => terms.flatMap(addressesOf))),
  );
  return ({ address }) => {
    const number = addressNumber(address);
    if (number === undefined) return '';
    return ranges.flatMap((range, index) => (isInRange(range, number) ? [index] : [])).join(' ');
  };
}

/** The realservers that stand for all of the services, and those that are left out because they fare alike. */
export function chosenServers(
  services: readonly VirtualService[],
  kindOf: (server: ServiceServer) => string,
): { readonly chosen: readonly ServiceServer[]; readonly leftOut: readonly ServiceServer[] } {
  const all = [
    ...new Map(
      services.flatMap(({ servers }) =>
        servers.filter(({ isLocal }) => !isLocal).map((server) => [server.address, server] as const),
      ),
    ).values(),
  ];
  const chosen = [...groupedBy(all, kindOf).values()].flatMap((servers) => servers.slice(0, alike));
  return { chosen, leftOut: all.filter((server) => !chosen.includes(server)) };
}

function addressesOf(term: Term): readonly Extract<Term, { readonly kind: 'address' }>['ranges'][number][] {
  if (term.kind === 'address') return term.ranges;
  return term.kind === 'any' ? term.alternatives.flatMap((terms) => terms.flatMap(addressesOf)) : [];
}
