import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { didYouMean } from '../../../support/suggest.js';
import { addressText, notHosts, parseAddress, parseSubnet, type Subnet } from '../../network/ipv4.js';
import { pool } from '../../network/pool.js';
import { layoutOf, nodeNames, vipsOf } from './layout.js';
import type { CrossProblem } from './problem.js';
import { type AnyMap, isMap } from './anyMap.js';

interface FixedAddress {
  readonly path: readonly string[];
  /** As it is spelled where there are several spellings. */
  readonly address: string;
  readonly text: string;
}

/** Contradictions between `subnet`, `vip`, `addresses` and the nodes. Parts that are invalid by themselves are skipped. */
export function addressProblems(topology: AnyMap): readonly CrossProblem[] {
  const fixed = fixedAddresses(topology);
  if (topology['subnet'] === undefined) return [...ownerProblems(topology), ...freeProblems(topology, fixed)];
  if (topology['family'] === 'ipv6') return fixed.map(({ path }) => keyProblem(path, ipv6Refusal));
  return [...ownerProblems(topology), ...placeProblems(topology, fixed), ...roomProblem(topology)];
}

const ipv6Refusal =
  'expected no fixed address with `family: ipv6` and a subnet, found one; IPv6 addresses follow from the subnet, so leave one of them out';

/** Addresses that are of none of the lab's networks: any host's, of the service's family, and each of one node. */
function freeProblems({ family }: AnyMap, fixed: readonly FixedAddress[]): CrossProblem[] {
  const wanted = family === 'ipv6' ? 'ipv6' : 'ipv4';
  return fixed.flatMap((one, index): CrossProblem[] => {
    const found = ipaddr.parse(one.text);
    const message =
      found.kind() !== wanted
        ? `expected an address of the service's family, ${wanted}, found \`${one.text}\``
        : notHosts.includes(found.range())
          ? `expected an address that a host can have, found \`${one.text}\` (${found.range()})`
          : isOfPool(one.text)
            ? `expected an address outside of ${pool.cidr}, where the lab's own networks are, found \`${one.text}\`; one of a lab's network needs \`topology.subnet\``
            : undefined;
    return message === undefined
      ? duplicateProblem(one, fixed.slice(0, index))
      : [{ path: one.path, at: 'value', message }];
  });
}

function isOfPool(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && pool.first <= address && address <= pool.last;
}

function ownerProblems(topology: AnyMap): CrossProblem[] {
  const names = nodeNames(topology);
  const { addresses } = topology;
  if (names === undefined || !isMap(addresses)) return [];
  const further = vipsOf(topology).slice(1);
  const isRouted = layoutOf(topology) === 'routed';
  return Object.keys(addresses).flatMap((name) => {
    const path = ['addresses', name];
    if (further.includes(name)) return [];
    if (!names.includes(name)) return [keyProblem(path, unknownNode(name, [...names, ...further]))];
    if (name !== 'client' || !isRouted || topology['subnet'] === undefined) return [];
    return [
      keyProblem(
        path,
        "expected no fixed address of the client in a routed network, found one; its network is not the scenario's to choose",
      ),
    ];
  });
}

/** The sentence about a name that no node of the topology has. */
export function unknownNode(name: string, names: readonly string[]): string {
  return `expected a node of this topology (${names.join(', ')}), found \`${name}\`${didYouMean(name, names)}`;
}

function placeProblems({ subnet: text }: AnyMap, fixed: readonly FixedAddress[]): CrossProblem[] {
  const subnet = typeof text === 'string' ? parseSubnet(text) : undefined;
  const misplaced = subnet === undefined ? [] : fixed.flatMap((one) => placeProblem(one, subnet));
  return [...misplaced, ...fixed.flatMap((one, index) => duplicateProblem(one, fixed.slice(0, index)))];
}

/** Refuses a subnet that is too small for all nodes and VIPs. */
function roomProblem(topology: AnyMap): CrossProblem[] {
  const { subnet: text } = topology;
  const subnet = typeof text === 'string' ? parseSubnet(text) : undefined;
  const names = nodeNames(topology);
  if (subnet === undefined || names === undefined) return [];
  const onFront = layoutOf(topology) === 'routed' ? 1 : 0;
  const wanted = names.length - onFront + vipsOf(topology).length;
  // Network, gateway and broadcast address are not for nodes.
  const room = subnet.last - subnet.first - 2;
  if (wanted <= room) return [];
  const message = `expected a subnet with room for ${wanted} nodes and VIPs, found \`${subnet.cidr}\`, which has ${room} addresses for them`;
  return [{ path: ['subnet'], at: 'value', message }];
}

function placeProblem({ path, text }: FixedAddress, subnet: Subnet): CrossProblem[] {
  const address = parseAddress(text);
  if (address === undefined)
    return [{ path, at: 'value', message: `expected an IPv4 address of ${subnet.cidr}, found \`${text}\`` }];
  const reserved = new Map([
    [subnet.first, 'the network address'],
    [subnet.first + 1, "the gateway's address, which is the engine's own"],
    [subnet.last, 'the broadcast address'],
  ]).get(address);
  const outside = address < subnet.first || address > subnet.last;
  if (!outside && reserved === undefined) return [];
  const range = `${addressText(subnet.first + 2)} to ${addressText(subnet.last - 1)}`;
  const found = outside ? 'which is outside the subnet' : `which is ${reserved}`;
  const message = `expected an address of ${subnet.cidr} from ${range}, found \`${text}\`, ${found}`;
  return [{ path, at: 'value', message }];
}

function duplicateProblem(one: FixedAddress, earlier: readonly FixedAddress[]): CrossProblem[] {
  const same = earlier.find(({ address }) => address === one.address);
  if (same === undefined) return [];
  const message = `expected an address of its own, found \`${one.text}\`, which \`${same.path.join('.')}\` has`;
  return [{ path: one.path, at: 'value', message }];
}

function fixedAddresses({ vip, addresses }: AnyMap): FixedAddress[] {
  const named: [string[], unknown][] = [[['vip'], vip]];
  if (isMap(addresses)) {
    for (const [name, text] of Object.entries(addresses)) named.push([['addresses', name], text]);
  }
  return named.flatMap(([path, text]) => {
    return typeof text === 'string' && isIP(text) !== 0
      ? [{ path, address: ipaddr.parse(text).toString(), text }]
      : [];
  });
}

function keyProblem(path: readonly string[], message: string): CrossProblem {
  return { path, at: 'key', message };
}
