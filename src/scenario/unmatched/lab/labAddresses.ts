import { nominalSubnets } from '../../network/nominalSubnets.js';
import { type Family, notUnicast } from '../../../contracts/words/network.js';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { addedAddresses, addressesIn, allocateAddresses } from '../../network/allocation.js';
import { addressText } from '../../network/ipv4.js';
import { ipv6Range } from '../../network/ipv6.js';
import { pool } from '../../network/pool.js';
import { sourceAddresses } from '../../network/sourceAddresses.js';
import type { Scenario } from '../../model/scenario.js';
import { vipNames } from '../../model/virtualServices.js';

/** Networks of which every host has something, or that are no host's: broadcasts, multicast, link-local ones and the loopback's. */
const everywhere: readonly string[] = [...notUnicast, '::/128', '::1/128', 'fe80::/10', 'ff00::/8'];

const special = new BlockList();
for (const cidr of everywhere) {
  const [network = '', prefix] = cidr.split('/');
  special.addSubnet(network, Number(prefix), familyOf(network));
}

/** The first and the last address of all that a lab may have when the scenario does not say where its networks are. */
const pools = {
  ipv4: [addressText(pool.first), addressText(pool.last)],
  ipv6: ipv6Range(pool),
} as const;

/**
 * Whether a lab has any address of a range. `perhaps`: that depends on the network that a run takes. `special`: hosts of a network never have
 * such addresses.
 */
export type Presence = 'there' | 'perhaps' | 'absent' | 'special' | 'unreadable';

/** What addresses a scenario's lab has, as far as that is known before it is made. */
export class LabAddresses {
  readonly #known: readonly string[];
  readonly #pools: readonly (readonly [string, string])[];
  /** A file may name tens of thousands, and each is asked for again on every way that packets take. */
  readonly #asked = new Map<string, Presence>();

  constructor({ topology, flows, load }: Pick<Scenario, 'topology' | 'flows' | 'load'>) {
    const isFixed = topology.subnet !== undefined;
    const allocation = allocateAddresses(topology, nominalSubnets);
    const { vips, interfaces } = addressesIn(topology, allocation);
    const added = addedAddresses(topology);
    const ofOwn = Object.values(added).filter((address) => address !== undefined);
    const onFront = topology.network === 'routed' && added['client'] === undefined ? ['client'] : [];
    const isWhole = [...vipNames(topology), ...Object.keys(interfaces)].every(
      (name) => name === 'router' || added[name] !== undefined,
    );
    const nodes = Object.entries(interfaces).flatMap(([name, ends]) =>
      onFront.includes(name) ? [] : [ends.at(-1)?.address ?? ''],
    );
    const others = flows?.sources ?? (load.sources ?? 1) - 1;
    const sources =
      topology.network === 'routed'
        ? []
        : sourceAddresses(others, {
            of: flows === undefined ? 'load' : 'flows',
            family: topology.family,
            allocation,
          });
    this.#known = isFixed ? [...vips, ...nodes, ...sources] : ofOwn;
    this.#pools = isWhole || (isFixed && topology.network === 'flat') ? [] : [pools[topology.family]];
  }

  /** Whether the lab has an address of this range: an address, a network (`a/24`, `a/255.255.255.0`) or `a-b`, as rules write them. */
  presenceOf(range: string): Presence {
    const presence = this.#asked.get(range) ?? this.#find(range);
    this.#asked.set(range, presence);
    return presence;
  }

  #find(range: string): Presence {
    if (range.includes('${')) return 'there';
    const list = blockOf(range);
    if (list === undefined) return 'unreadable';
    const has = (address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    if (this.#known.some(has)) return 'there';
    if (this.#pools.some((ends) => ends.every(has))) return 'there';
    const [base = ''] = range.split(/[/-]/);
    if (isIn(special, base)) return 'special';
    const isBetween = (first: string, last: string) => isIn(blockOf(`${first}-${last}`), base);
    return this.#pools.some(([first, last]) => has(first) || has(last) || isBetween(first, last))
      ? 'perhaps'
      : 'absent';
  }
}

/** The addresses of a range; undefined: the text is no range, but a host's name or a variable. */
function blockOf(range: string): BlockList | undefined {
  const list = new BlockList();
  const [first = '', last] = range.split('-');
  const [base = '', length] = range.split('/');
  try {
    if (last !== undefined) list.addRange(first, last, familyOf(first));
    else if (length === undefined) list.addAddress(base, familyOf(base));
    else list.addSubnet(base, prefixOf(length), familyOf(base));
    return list;
  } catch {
    return undefined;
  }
}

function familyOf(address: string): Family {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** A length, or a mask of IPv4 such as 255.255.255.0. */
function prefixOf(text: string): number {
  if (!text.includes('.')) return Number(text);
  const bits = text.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').replace(/0*$/, '').length;
}

function isIn(list: BlockList | undefined, address: string): boolean {
  return isIP(address) !== 0 && list?.check(address, familyOf(address)) === true;
}
