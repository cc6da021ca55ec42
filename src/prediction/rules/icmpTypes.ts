import type { Family } from '../../contracts/words/network.js';
import type { IcmpType } from '../model/filter.js';

const type4: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'ttl-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

const type6: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'ttl-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  ping: 128,
  'echo-reply': 129,
  pong: 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'router-solicitation': 133,
  'nd-router-solicit': 133,
  'router-advertisement': 134,
  'nd-router-advert': 134,
  'neighbour-solicitation': 135,
  'neighbor-solicitation': 135,
  'nd-neighbor-solicit': 135,
  'neighbour-advertisement': 136,
  'neighbor-advertisement': 136,
  'nd-neighbor-advert': 136,
  redirect: 137,
  'nd-redirect': 137,
};

/** Codes of destination-unreachable and time-exceeded that have names of their own. */
const codes4: Readonly<Record<string, IcmpType>> = {
  'network-unreachable': { type: 3, code: 0 },
  'host-unreachable': { type: 3, code: 1 },
  'protocol-unreachable': { type: 3, code: 2 },
  'port-unreachable': { type: 3, code: 3 },
  'fragmentation-needed': { type: 3, code: 4 },
  'source-route-failed': { type: 3, code: 5 },
  'network-prohibited': { type: 3, code: 9 },
  'host-prohibited': { type: 3, code: 10 },
  'communication-prohibited': { type: 3, code: 13 },
  'ttl-zero-during-transit': { type: 11, code: 0 },
  'ttl-zero-during-reassembly': { type: 11, code: 1 },
};

/** Types as iptables and nft write them; undefined: one is not known. */
export function icmpTypes(names: readonly string[], family: Family): readonly IcmpType[] | undefined {
  const found: IcmpType[] = [];
  for (const name of names) {
    const read = icmpType(name.toLowerCase(), family);
    if (read === undefined) return undefined;
    found.push(read);
  }
  return found;
}

function icmpType(name: string, family: Family): IcmpType | undefined {
  const [, type, code] = /^(\d+)(?:\/(\d+))?$/.exec(name) ?? [];
  if (type !== undefined) return { type: Number(type), code: code === undefined ? undefined : Number(code) };
  const types = family === 'ipv4' ? type4 : type6;
  if (Object.hasOwn(types, name)) return { type: types[name] ?? 0, code: undefined };
  return family === 'ipv4' && Object.hasOwn(codes4, name) ? codes4[name] : undefined;
}
