import { didYouMean } from '../../../support/suggest.js';
import { addressText, parseAddress, parseSubnet, type Subnet } from '../../network/ipv4.js';
import { layoutOf, nodeNames } from './layout.js';
import type { CrossProblem } from './problem.js';
import { type AnyMap, isMap } from './values.js';

interface FixedAddress {
  readonly path: readonly string[];
  readonly address: number;
  readonly text: string;
}

/** Contradictions between `subnet`, `vip`, `addresses` and the nodes. Parts that are invalid by themselves are skipped. */
export function addressProblems(topology: AnyMap): readonly CrossProblem[] {
  const fixed = fixedAddresses(topology);
  if (topology['family'] === 'ipv6') return fixed.map(({ path }) => keyProblem(path, ipv6Refusal));
  return [...ownerProblems(topology), ...placeProblems(topology, fixed)];
}

const ipv6Refusal =
  'expected no fixed IPv4 address with `family: ipv6`, found one; IPv6 addresses follow from the subnet';

function ownerProblems(topology: AnyMap): CrossProblem[] {
  const names = nodeNames(topology);
  const { addresses } = topology;
  if (names === undefined || !isMap(addresses)) return [];
  const isRouted = layoutOf(topology) === 'routed';
  return Object.keys(addresses).flatMap((name) => {
    const path = ['addresses', name];
    if (!names.includes(name)) return [keyProblem(path, unknownNode(name, names))];
    if (name !== 'client' || !isRouted) return [];
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
  if (text === undefined) {
    return fixed.map(({ path }) =>
      keyProblem(
        path,
        `a fixed address needs \`topology.subnet\`, found none; add it or leave \`${path.join('.')}\` out`,
      ),
    );
  }
  const subnet = typeof text === 'string' ? parseSubnet(text) : undefined;
  const misplaced = subnet === undefined ? [] : fixed.flatMap((one) => placeProblem(one, subnet));
  return [...misplaced, ...fixed.flatMap((one, index) => duplicateProblem(one, fixed.slice(0, index)))];
}

function placeProblem({ path, address, text }: FixedAddress, subnet: Subnet): CrossProblem[] {
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
    const address = typeof text === 'string' ? parseAddress(text) : undefined;
    return address === undefined ? [] : [{ path, address, text: String(text) }];
  });
}

function keyProblem(path: readonly string[], message: string): CrossProblem {
  return { path, at: 'key', message };
}
