import type { Family } from '../../contracts/words/network.js';
import { addressText, parseAddress, type Subnet, subnetOf } from './ipv4.js';
import { ipv6Address, ipv6Network } from './ipv6.js';
import { nodesOf } from '../model/nodesOf.js';
import type { NodeInterface } from '../model/planTypes.js';
import type { Topology } from '../model/scenario.js';
import { vipName, vipNames } from '../model/virtualServices.js';

/** CIDRs of a lab's networks; `front` is only used when the network is routed. */
export interface LabSubnets {
  readonly lan: string;
  readonly front?: string | undefined;
}

/** All IPv4 addresses of a lab, as the engine assigns them. */
export interface Allocation {
  readonly networks: readonly {
    readonly network: NodeInterface['network'];
    readonly subnet: Subnet;
    /** The engine's own address on the bridge, for which Docker takes the first one. */
    readonly gateway: string;
  }[];
  readonly vips: readonly string[];
  /** Interfaces by node name, in the order of eth0, eth1. */
  readonly interfaces: Readonly<Record<string, readonly NodeInterface[]>>;
}

/** The addresses of the service's packets, in the scenario's family. */
export interface FamilyAddresses {
  readonly family: Family;
  /** The first VIP. */
  readonly vip: string;
  readonly vips: readonly string[];
  /** The servers' network as CIDR. */
  readonly lan: string;
  /** Interfaces by node name, in the order of eth0, eth1. */
  readonly interfaces: Readonly<
    Record<string, readonly { readonly address: string; readonly prefix: number }[]>
  >;
}

/** The preferred host numbers in a network, chosen to be easily told apart in a capture. */
const roomy = { client: 10, router: 5, director: 20, director2: 21, vip: 100, realserver: 30 };
/** Host numbers that fit into a /28. */
const tight: typeof roomy = { client: 2, router: 2, director: 3, director2: 13, vip: 4, realserver: 4 };

/** Gives every node and the VIP an address: the one that the scenario fixes in its subnet, else a free one of the network. */
export function allocateAddresses(topology: Topology, subnets: LabSubnets): Allocation {
  const fixed = new Map<string, string>(
    topology.subnet === undefined
      ? []
      : Object.entries({ ...topology.addresses, ...(topology.vip && { vip: topology.vip }) }),
  );
  const lan = new Pool(subnetOf(topology.subnet ?? subnets.lan), fixed);
  const front =
    topology.network === 'routed' ? new Pool(subnetOf(required(subnets.front)), new Map()) : undefined;
  const at = (network: NodeInterface['network'], pool: Pool, name: string) => ({
    network,
    address: pool.take(name),
  });
  const interfaces = nodesOf(topology).map(({ name }) => {
    if (front === undefined) return [name, [at('lan', lan, name)]] as const;
    if (name === 'client') return [name, [at('front', front, name)]] as const;
    if (name === 'router') return [name, [at('front', front, name), at('lan', lan, name)]] as const;
    return [name, [at('lan', lan, name)]] as const;
  });
  return {
    networks: [
      ...(front === undefined ? [] : [{ network: 'front' as const, ...front.described() }]),
      { network: 'lan', ...lan.described() },
    ],
    vips: vipNames(topology).map((name) => lan.take(name)),
    interfaces: Object.fromEntries<readonly NodeInterface[]>(interfaces),
  };
}

/** What decides which addresses the service's packets have. */
type Addressed = Pick<Topology, 'family' | 'subnet' | 'addresses' | 'vip'>;

/** The addresses of an allocation in the family of the service; those that a scenario fixes outside of any subnet in their place. */
export function addressesIn(
  topology: Addressed,
  { networks, vips, interfaces }: Allocation,
): FamilyAddresses {
  const { family } = topology;
  const added = addedAddresses(topology);
  const subnets = new Map(networks.map(({ network, subnet }) => [network, subnet]));
  const inFamily = ({ network, address }: NodeInterface) => {
    const subnet = required(subnets.get(network));
    return family === 'ipv4'
      ? { address, prefix: subnet.prefix }
      : { address: ipv6Address(subnet, required(parseAddress(address))), prefix: 64 };
  };
  const lan = required(subnets.get('lan'));
  const service = vips.map(
    (address, index) => added[vipName(index + 1)] ?? inFamily({ network: 'lan', address }).address,
  );
  return {
    family,
    vip: required(service[0]),
    vips: service,
    lan: family === 'ipv4' ? lan.cidr : ipv6Network(lan),
    interfaces: Object.fromEntries(
      Object.entries(interfaces).map(([name, ends]) => {
        const own = added[name];
        const all = ends.map(inFamily);
        // Of a router's it is the one on the servers' side.
        return [name, own === undefined ? all : all.with(-1, { address: own, prefix: hostPrefix(family) })];
      }),
    ),
  };
}

/** Addresses by node name, and that of `vip`, which a scenario fixes without a subnet: nodes have them beside those of their networks. */
export function addedAddresses({
  subnet,
  addresses,
  vip,
}: Pick<Topology, 'subnet' | 'addresses' | 'vip'>): Readonly<Record<string, string | undefined>> {
  return subnet === undefined ? { ...addresses, ...(vip !== undefined && { vip }) } : {};
}

/** The length of a network of one host. */
export function hostPrefix(family: Family): number {
  return family === 'ipv4' ? 32 : 128;
}

/** A node's address on the servers' network; for the client, the one on its own network. */
export function ownAddress({ interfaces }: Pick<FamilyAddresses, 'interfaces'>, node: string): string {
  return required(interfaces[node]?.at(-1)).address;
}

/** The addresses of one network while they are being given out. */
class Pool {
  readonly #taken: Set<number>;

  constructor(
    private readonly subnet: Subnet,
    private readonly fixed: ReadonlyMap<string, string>,
  ) {
    this.#taken = new Set([
      subnet.first + 1,
      ...[...fixed.values()].map((text) => required(parseAddress(text))),
    ]);
  }

  described(): { readonly subnet: Subnet; readonly gateway: string } {
    return { subnet: this.subnet, gateway: addressText(this.subnet.first + 1) };
  }

  take(name: string): string {
    const given = this.fixed.get(name);
    if (given !== undefined) return given;
    const { first, last } = this.subnet;
    let address = first + preferred(name, last - first > roomy.vip ? roomy : tight);
    // That there is room for all has been checked, so this ends.
    if (this.#taken.has(address)) for (address = first + 2; this.#taken.has(address); address++);
    this.#taken.add(address);
    return addressText(address);
  }
}

function preferred(name: string, offsets: typeof roomy): number {
  const [, kind, number] = /^(realserver|vip)(\d+)$/.exec(name) ?? [];
  if (kind === 'realserver') return offsets.realserver + Number(number);
  if (kind === 'vip') return offsets.vip + Number(number) - 1;
  return offsets[name as keyof typeof roomy];
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a node, network or address is missing from the allocation');
  return value;
}
