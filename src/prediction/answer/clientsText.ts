import { rangeText } from '../../site/model/addressRange.js';
import type { ClientGroup } from './clientGroups.js';
import type { Universe } from '../walk/view.js';

/** The most ranges that a text names: nobody reads more. */
const mostRanges = 4;

/** Who the clients of these groups are, in words. */
export function clientsText(
  clientGroups: readonly ClientGroup[],
  { client, port, listed }: Universe,
): string {
  const parts = [
    addressesText(clientGroups, client.pieces),
    portsText(clientGroups, port.pieces),
    listedText(clientGroups, listed.names),
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? 'all clients' : `clients ${said.join(', ')}`;
}

function addressesText(
  clientGroups: readonly ClientGroup[],
  pieces: Universe['client']['pieces'],
): string | undefined {
  const atoms = [...new Set(clientGroups.flatMap(({ groups }) => groups.client))].sort(
    (one, other) => one - other,
  );
  if (atoms.length === pieces.length) return undefined;
  const ranges = joined(atoms.flatMap((atom) => pieces[atom] ?? []));
  const size = (all: typeof ranges) => all.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  const isMost = size(ranges) * 2n > size(pieces);
  const shown = isMost ? joined(pieces.filter((_, atom) => !atoms.includes(atom))) : ranges;
  const some = shown.slice(0, mostRanges).map(rangeText).join(', ');
  const more = shown.length > mostRanges ? ` and ${shown.length - mostRanges} more` : '';
  return `${isMost ? 'elsewhere than in' : 'in'} ${some}${more}`;
}

function portsText(
  clientGroups: readonly ClientGroup[],
  pieces: Universe['port']['pieces'],
): string | undefined {
  const atoms = [...new Set(clientGroups.flatMap(({ groups }) => groups.port))].sort(
    (one, other) => one - other,
  );
  if (atoms.length === pieces.length) return undefined;
  const ranges = atoms.slice(0, mostRanges).map((atom) => pieces[atom]?.join('-') ?? '');
  return `from ports ${ranges.join(', ')}${atoms.length > mostRanges ? ' and more' : ''}`;
}

function listedText(clientGroups: readonly ClientGroup[], names: readonly string[]): string | undefined {
  const atoms = new Set(clientGroups.flatMap(({ groups }) => groups.listed));
  const said = names.flatMap((name, bit) => {
    const [some, others] = [
      [...atoms].some((atom) => (atom >> bit) & 1),
      [...atoms].some((atom) => !((atom >> bit) & 1)),
    ];
    return some === others ? [] : [`${some ? 'in' : 'not in'} the set ${name}`];
  });
  return said.length === 0 ? undefined : said.join(' and ');
}

function joined(ranges: Universe['client']['pieces']): Universe['client']['pieces'] {
  const found: (typeof ranges)[number][] = [];
  for (const range of ranges) {
    const last = found.at(-1);
    if (last !== undefined && range.first === last.last + 1n)
      found[found.length - 1] = { ...last, last: range.last };
    else found.push(range);
  }
  return found;
}
