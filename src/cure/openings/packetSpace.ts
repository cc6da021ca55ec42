import type { Family } from '../../contracts/words/network.js';
import { type AddressRange, everyAddress } from '../../site/model/addressRange.js';
import type { NumberRange, Term } from '../../prediction/model/filter.js';
import { AtomSet } from '../../prediction/walk/atomSet.js';
import { AddressAtoms, InterfaceAtoms, ListedAtoms, PortAtoms } from '../../prediction/walk/universe.js';
import type { Universe } from '../../prediction/walk/view.js';

/** Where a packet may go: one of the pieces of addresses and ports that rules tell apart. */
export interface Target {
  readonly addresses: AddressRange;
  readonly ports: NumberRange;
}

/** All packets that changed rules may decide about, in the pieces that all rules tell apart. */
export interface PacketSpace {
  readonly universe: Universe;
  /** In the places of servers. */
  readonly targets: readonly Target[];
}

/** Nobody reads what more of them come to, and nobody waits for it. */
const mostTargets = 4096;

/** The space of packets that `within` may be about, cut at what `all` name; undefined: it is cut in too many pieces. */
export function packetSpace(
  all: readonly Term[],
  within: readonly (readonly Term[])[],
  family: Family,
  interfaces: readonly string[],
): PacketSpace | undefined {
  const of = <Kind extends Term['kind']>(kind: Kind) =>
    all.filter((term): term is Extract<Term, { readonly kind: Kind }> => term.kind === kind);
  const named = of('address').flatMap(({ ranges }) => ranges.filter((range) => range.family === family));
  const portsNamed = (side: 'source' | 'destination') =>
    of('port').flatMap((term) => (term.side === side || term.side === 'either' ? term.ranges : []));
  const every = [everyAddress(family)];
  const sources = boundary(within, (terms) => addressesOf(terms, 'source', family)) ?? every;
  const destinations = boundary(within, (terms) => addressesOf(terms, 'destination', family)) ?? every;
  const destinationPorts = boundary(within, (terms) => portsOf(terms));
  const client = AddressAtoms.of(sources, [], named);
  const target = AddressAtoms.of(destinations, [], named);
  const cut = new PortAtoms([0, 65_535], portsNamed('destination'));
  const isMeant = cut.in(destinationPorts ?? [[0, 65_535]]);
  const ports = cut.pieces.filter((_, atom) => isMeant.has(atom));
  const targets = target.pieces.flatMap((addresses) => ports.map((range) => ({ addresses, ports: range })));
  if (targets.length === 0 || targets.length > mostTargets || client.pieces.length === 0) return undefined;
  const names = [...of('interface').flatMap((term) => term.names), ...interfaces];
  const sets = [...new Set(of('listed').map(({ name }) => name))];
  const sides = InterfaceAtoms.unknown(names);
  const universe: Universe = {
    client,
    port: new PortAtoms([0, 65_535], portsNamed('source')),
    listed: new ListedAtoms(sets.slice(0, ListedAtoms.most)),
    clientSide: sides,
    serverSide: sides,
    server: {
      all: AtomSet.all(targets.length),
      pieces: targets.map(({ addresses, ports: [first] }) => ({ address: addresses.first, port: first })),
    },
  };
  return { universe, targets };
}

/** What all of several rules together may be about in one respect; undefined: one of them about anything. */
function boundary<T>(
  rules: readonly (readonly Term[])[],
  of: (terms: readonly Term[]) => readonly T[] | undefined,
): readonly T[] | undefined {
  const found = rules.map(of);
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? []);
}

function addressesOf(
  terms: readonly Term[],
  side: 'source' | 'destination',
  family: Family,
): readonly AddressRange[] | undefined {
  const own = terms.find((term) => term.kind === 'address' && term.side === side && !term.negated);
  return own?.kind === 'address' ? own.ranges.filter((range) => range.family === family) : undefined;
}

function portsOf(terms: readonly Term[]): readonly NumberRange[] | undefined {
  const own = terms.find((term) => term.kind === 'port' && term.side === 'destination' && !term.negated);
  return own?.kind === 'port' ? own.ranges : undefined;
}
