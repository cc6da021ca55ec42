import { rangeText } from '../../site/model/addressRange.js';
import type { AddressRange } from '../../site/model/addressRange.js';
import type { NumberRange } from '../../prediction/model/filter.js';
import { type Box, merged } from '../../prediction/walk/box.js';
import { type EveryKind, isOfConnections } from './everyPacket.js';
import type { RoutePackets } from './walkRoute.js';

/** The most addresses or ports that a text names: nobody reads more. */
const most = 4;

/** Packets in words, a line for each box: `TCP FIN, RST in state INVALID to 192.0.2.10:80 from anywhere`. */
export function openingTexts(boxes: readonly Box[], asked: RoutePackets): readonly string[] {
  return merged(boxes, 0).map((box) => {
    const { universe } = asked.space;
    const client = piecesOf(universe.client.pieces, box.client);
    const isEvery = client.length === universe.client.pieces.length;
    const from = isEvery && isAll(client) ? 'from anywhere' : `from ${listed(joined(client).map(rangeText))}`;
    const parts = [
      kindsText(asked.kinds.filter((_, bit) => (box.kinds & (1 << bit)) !== 0)),
      `to ${targetsText(box, asked)}`,
      from,
      portsText(box, asked),
      ...sideTexts(box, asked),
      ...listedTexts(box, asked),
      { into: '', through: 'through the director', out: 'out of the director' }[asked.route],
    ];
    return parts.filter((part) => part !== '').join(' ');
  });
}

const protocolNames: Readonly<Record<number, string>> = {
  1: 'ICMP',
  4: 'IP in IP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6 in IP',
  58: 'ICMPv6',
};

/** Kinds that are alike but for their state, or for their flags, together. */
function kindsText(kinds: readonly EveryKind[]): string {
  const byState = new Map<string, Map<string, string[]>>();
  for (const kind of kinds) {
    const name = protocolNames[kind.protocol] ?? `protocol ${kind.protocol}`;
    const states = byState.get(kind.state) ?? new Map<string, string[]>();
    byState.set(kind.state, states.set(name, [...(states.get(name) ?? []), detailOf(kind)]));
  }
  const said = new Map<string, string[]>();
  for (const [state, names] of byState) {
    const text = [...names]
      .map(([name, details]) => [name, unique(details).join(', ')].join(' ').trim())
      .join('; ');
    said.set(text, [...(said.get(text) ?? []), state]);
  }
  return [...said].map(([text, states]) => `${text} in state ${states.join(' or ')}`).join('; and ');
}

function detailOf({ flags, icmp }: EveryKind): string {
  if (icmp !== undefined) return icmp.type === 254 ? 'of other types' : `type ${icmp.type}`;
  if (flags === undefined) return '';
  const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, bit) => (flags & (1 << bit)) !== 0);
  if (!isOfConnections(flags)) return 'with flags that no connection has';
  const usual: Readonly<Record<string, string>> = {
    'FIN,ACK': 'FIN',
    'PSH,ACK': 'data',
    'FIN,PSH,ACK': 'FIN with data',
    'SYN,ACK': 'SYN-ACK',
    'RST,ACK': 'RST',
  };
  const name = names.join(',');
  return usual[name] ?? (names.length === 1 && name !== 'FIN' ? name : `with ${name}`);
}

/** Addresses with their ports: those with the same ports together. */
function targetsText({ server }: Box, { space }: RoutePackets): string {
  const byPorts = new Map<
    string,
    { readonly ports: readonly NumberRange[]; readonly addresses: AddressRange[] }
  >();
  const byAddress = new Map<string, { readonly addresses: AddressRange; readonly ports: NumberRange[] }>();
  for (const atom of server.atoms()) {
    const target = space.targets[atom];
    if (target === undefined) continue;
    const key = rangeText(target.addresses);
    const known = byAddress.get(key) ?? { addresses: target.addresses, ports: [] };
    known.ports.push(target.ports);
    byAddress.set(key, known);
  }
  for (const { addresses, ports } of byAddress.values()) {
    const key = JSON.stringify(ports);
    const known = byPorts.get(key) ?? { ports: joinedNumbers(ports), addresses: [] };
    known.addresses.push(addresses);
    byPorts.set(key, known);
  }
  const texts = [...byPorts.values()].map(({ ports, addresses }) => {
    const ranges = joined(addresses);
    const [first, ...others] = ranges;
    const where = isAll(ranges) ? 'any address' : listed(ranges.map(rangeText));
    const [port, ...morePorts] = ports;
    const isAnyPort = port?.[0] === 0 && port[1] === 65_535;
    if (isAnyPort) return where;
    const isOne =
      first !== undefined && others.length === 0 && first.first === first.last && morePorts.length === 0;
    const text = listed(ports.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)));
    if (!isOne) return `${where}, port ${text}`;
    return first.family === 'ipv6' ? `[${where}]:${text}` : `${where}:${text}`;
  });
  return listed(texts);
}

function portsText({ port }: Box, { space }: RoutePackets): string {
  const { pieces } = space.universe.port;
  const own = joinedNumbers(piecesOf(pieces, port));
  const isEvery = own.length === 1 && own[0]?.[0] === 0 && own[0][1] === 65_535;
  return isEvery
    ? ''
    : `port ${listed(own.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)))}`;
}

function sideTexts(box: Box, { route, space }: RoutePackets): readonly string[] {
  const { pieces } = space.universe.clientSide;
  const names = (set: Box['clientSide']) =>
    piecesOf(pieces, set).map(({ name, isOther }) =>
      isOther ? (name === '' ? 'any other' : `another ${name}*`) : name,
    );
  const text = (word: string, set: Box['clientSide']) => {
    const own = names(set);
    return own.length === pieces.length ? [] : [`${word} ${listed(own)}`];
  };
  return [
    ...(route === 'out' ? [] : text('by', box.clientSide)),
    ...(route === 'into' ? [] : text('out by', box.serverSide)),
  ];
}

function listedTexts({ listed: atoms }: Box, { space }: RoutePackets): readonly string[] {
  const { names } = space.universe.listed;
  const own = [...atoms.atoms()];
  return names.flatMap((name, bit) => {
    const isIn = own.some((atom) => ((atom >> bit) & 1) === 1);
    const isOut = own.some((atom) => ((atom >> bit) & 1) === 0);
    return isIn === isOut ? [] : [`${isIn ? 'in' : 'not in'} the set ${name}`];
  });
}

function piecesOf<T>(pieces: readonly T[], atoms: Box['client']): readonly T[] {
  return pieces.filter((_, index) => atoms.has(index));
}

function listed(texts: readonly string[]): string {
  const some = texts.slice(0, most).join(', ');
  return texts.length > most ? `${some} and ${texts.length - most} more` : some;
}

function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const found: AddressRange[] = [];
  for (const range of ranges.toSorted((one, other) => (one.first < other.first ? -1 : 1))) {
    const last = found.at(-1);
    if (last !== undefined && range.first <= last.last + 1n)
      found[found.length - 1] = { ...last, last: range.last };
    else found.push(range);
  }
  return found;
}

function joinedNumbers(ranges: readonly NumberRange[]): readonly NumberRange[] {
  const found: NumberRange[] = [];
  for (const range of ranges.toSorted(([one], [other]) => one - other)) {
    const last = found.at(-1);
    if (last !== undefined && range[0] <= last[1] + 1)
      found[found.length - 1] = [last[0], Math.max(last[1], range[1])];
    else found.push(range);
  }
  return found;
}

function isAll(ranges: readonly AddressRange[]): boolean {
  const all = joined(ranges);
  const [only] = all;
  const bits = only?.family === 'ipv6' ? 128n : 32n;
  return all.length === 1 && only?.first === 0n && only.last === (1n << bits) - 1n;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
