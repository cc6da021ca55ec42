import {
  addressNumber,
  type AddressRange,
  firstAddress,
  isInRange,
  parseRange,
} from '../../site/model/addressRange.js';
import type { Family } from '../../contracts/words/network.js';
import type { Example } from '../model/prediction.js';
import type { Universe } from '../walk/view.js';
import type { JudgedClients, JudgedPassage } from './judgePassage.js';

/** Addresses for examples (RFC 5737, RFC 3849): what stands for a host on the Internet, where rules do not ask which it is. */
const wanted: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['203.0.113.7', '198.51.100.7'],
  ipv6: ['2001:db8:cafe::7'],
};

/** The lab's own networks (RFC 2544). */
const ofLab = parseRange('198.18.0.0/15');

/** A client of those that fare alike, and the interfaces by which its packets come in and go on; undefined: there is none with a usable address. */
export function exampleOf(
  { groups }: JudgedPassage,
  { clients }: JudgedClients,
  universe: Universe,
): Example | undefined {
  const ranges = clients.groups.client.flatMap((atom) => universe.client.pieces[atom] ?? []);
  const client = clientIn(ranges);
  if (client === undefined) return undefined;
  return {
    client,
    ports: clients.groups.port.flatMap((atom) => {
      const piece = universe.port.pieces[atom];
      return piece === undefined ? [] : [piece];
    }),
    clientSide: nameOf(groups.clientSide, universe.clientSide),
    serverSide: nameOf(groups.serverSide, universe.serverSide),
  };
}

function clientIn(ranges: readonly AddressRange[]): string | undefined {
  const [any] = ranges;
  if (any === undefined) return undefined;
  const named = wanted[any.family].find((text) => {
    const number = addressNumber(text);
    return number !== undefined && ranges.some((range) => isInRange(range, number));
  });
  if (named !== undefined) return named;
  const free = ranges.filter(
    ({ first, last }) =>
      ofLab === undefined || any.family === 'ipv6' || last < ofLab.first || first > ofLab.last,
  );
  const most = free.reduce<AddressRange | undefined>(
    (largest, one) => (largest === undefined || size(one) > size(largest) ? one : largest),
    undefined,
  );
  if (most === undefined) return undefined;
  // Not the first of a network, which is no host's.
  const step = size(most) > 16n ? 7n : 0n;
  return firstAddress({ ...most, first: most.first + step });
}

function size({ first, last }: AddressRange): bigint {
  return last - first + 1n;
}

/** An interface of these; undefined: no rule tells it from any other. */
function nameOf(atoms: readonly number[], { pieces }: Universe['clientSide']): string | undefined {
  const own = atoms.flatMap((atom) => pieces[atom] ?? []);
  const named = own.find(({ isOther }) => !isOther);
  if (named !== undefined) return named.name;
  const [other] = own;
  if (other === undefined || (atoms.length === pieces.length && other.name === '')) return undefined;
  return `${other.name}9`.replace(/^9$/, 'other9');
}
