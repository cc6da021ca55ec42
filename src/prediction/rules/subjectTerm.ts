import type { Family } from '../../contracts/words/network.js';
import { knownPorts } from '../../scenario/syntax/ports.js';
import type { Subject } from '../../scenario/syntax/subject.js';
import { type AddressRange, parseRange } from '../../site/model/addressRange.js';
import { conntrackStates, type NumberRange, type Term } from '../model/filter.js';
import { icmpTypes } from './icmpTypes.js';
import { flagBits, protocolNumber } from './terms.js';

/** How values are compared. */
interface Comparing {
  readonly negated: boolean;
  /** What is compared is masked with it first. */
  readonly mask?: string | undefined;
}

/** The term that asks whether a part of a packet, such as its source address, has one of these values; undefined: that cannot be known here. */
export function subjectTerm(
  { type, side, of, protocol }: Subject,
  values: readonly string[],
  { negated, mask }: Comparing,
): Term | undefined {
  if (of !== undefined || (mask !== undefined && type !== 'mark')) return undefined;
  switch (type) {
    case 'interface':
      return side === 'other'
        ? undefined
        : { kind: 'interface', way: side === 'source' ? 'in' : 'out', names: values, negated };
    case 'address': {
      const ranges = all(values, parseRange);
      return side === 'other' || ranges === undefined
        ? undefined
        : { kind: 'address', side, ranges, negated };
    }
    case 'port': {
      const ranges = knownPorts(values);
      return ranges && { kind: 'port', side: side === 'other' ? 'either' : side, ranges, negated };
    }
    case 'protocol': {
      const numbers = all(values, protocolNumber);
      return numbers && { kind: 'protocol', ranges: numbers.map((number) => [number, number]), negated };
    }
    case 'family': {
      const families = all(values, (value) => familyNames[value]);
      return families && { kind: 'family', families, negated };
    }
    case 'mark':
      return markTerm(values, mask, negated);
    case 'state':
      return stateTerm(values, negated);
    case 'flags': {
      const [looked, set] = values.map((value) => flagBits(value.split(',')));
      return looked === undefined || set === undefined
        ? undefined
        : { kind: 'flags', mask: looked, values: [set], negated };
    }
    case 'icmpType': {
      const types = icmpTypes(values, protocol === 'icmp' ? 'ipv4' : 'ipv6');
      return types && { kind: 'icmp', types, negated };
    }
    case 'addressType':
      return side === 'other'
        ? undefined
        : { kind: 'addressType', side, types: values.map((value) => value.toUpperCase()), negated };
    // The service's packets are for this machine alone.
    case 'packetType':
      return {
        kind: 'always',
        negated: values.some((value) => value === 'host' || value === 'unicast') === negated,
      };
    // Conntrack and IPVS see packets put together again.
    case 'fragment':
      return { kind: 'always', negated: !negated };
    case 'mac':
    case 'user':
    case 'group':
    case 'devgroup':
    case 'realm':
    case 'cgroup':
    case 'other':
      return undefined;
  }
}

const familyNames: Readonly<Record<string, Family | undefined>> = {
  ipv4: 'ipv4',
  ip: 'ipv4',
  ipv6: 'ipv6',
  ip6: 'ipv6',
};

/** What is read of each value; undefined: one of them cannot be read. */
function all<Read extends number | Family | AddressRange>(
  values: readonly string[],
  read: (value: string) => Read | undefined,
): readonly Read[] | undefined {
  const known = values.flatMap((value) => read(value) ?? []);
  return known.length === values.length ? known : undefined;
}

function stateTerm(values: readonly string[], negated: boolean): Term | undefined {
  const names = values.map((value) => value.toUpperCase());
  const states = conntrackStates.filter((state) => names.includes(state));
  // A packet that no rule of nat has changed has none of these two.
  const asked = names.filter((name) => name !== 'DNAT' && name !== 'SNAT');
  return states.length === asked.length ? { kind: 'state', states, negated } : undefined;
}

function markTerm(
  values: readonly string[],
  maskText: string | undefined,
  negated: boolean,
): Term | undefined {
  const mask = maskText === undefined ? 0xffff_ffff : Number(maskText);
  const ranges = values
    .map((value) => value.split('-').map(Number))
    .map(([first = Number.NaN, last = first]): NumberRange => [first, last]);
  return Number.isNaN(mask) || ranges.flat().some(Number.isNaN)
    ? undefined
    : { kind: 'mark', ranges, mask, negated };
}
