import { didYouMean } from '../support/suggest.js';
import { formatAddress, parseAddress, parseSubnet, type Subnet } from './ipv4.js';
import { nodesOf } from './nodes.js';
import { stickySchedulers } from './schedulers.js';

/** Something wrong between the keys of the `topology` section. `path` is below `topology`. */
export interface TopologyProblem {
  readonly path: readonly string[];
  readonly at: 'key' | 'value';
  readonly message: string;
}

interface FixedAddress {
  readonly path: readonly string[];
  readonly address: number;
  readonly text: string;
}

/** All that is wrong between keys. Takes whatever the file held: parts that are wrong in themselves are passed over. */
export function topologyProblems(topology: unknown): readonly TopologyProblem[] {
  if (!isMap(topology)) return [];
  return [...nodeNameProblems(topology), ...schedulerProblems(topology), ...addressProblems(topology)];
}

function nodeNameProblems({ realservers, addresses }: Record<string, unknown>): TopologyProblem[] {
  if (typeof realservers !== 'number' || !(realservers >= 1 && realservers <= 8) || !isMap(addresses))
    return [];
  const names = nodesOf(Math.floor(realservers)).map(({ name }) => name);
  return Object.keys(addresses)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: ['addresses', name],
      at: 'key',
      message: `expected a node of this topology (${names.join(', ')}), found \`${name}\`${didYouMean(name, names)}`,
    }));
}

function schedulerProblems({ scheduler, realservers }: Record<string, unknown>): TopologyProblem[] {
  if (typeof scheduler !== 'string' || !stickySchedulers.includes(scheduler)) return [];
  if (typeof realservers !== 'number' || realservers <= 1) return [];
  const message =
    `scheduler \`${scheduler}\` sends all connections of the one client to one realserver; ` +
    `set \`realservers: 1\` or take a scheduler that spreads them, such as \`rr\``;
  return [{ path: ['scheduler'], at: 'value', message }];
}

function addressProblems(topology: Record<string, unknown>): TopologyProblem[] {
  const fixed = fixedAddresses(topology);
  if (topology['subnet'] === undefined) {
    return fixed.map(({ path }) => ({
      path,
      at: 'key',
      message: `a fixed address needs \`topology.subnet\`, found none; add it or leave \`${path.join('.')}\` out`,
    }));
  }
  const subnet = typeof topology['subnet'] === 'string' ? parseSubnet(topology['subnet']) : undefined;
  const misplaced = subnet === undefined ? [] : fixed.flatMap((one) => placeProblem(one, subnet));
  return [...misplaced, ...fixed.flatMap((one, index) => duplicateProblem(one, fixed.slice(0, index)))];
}

function placeProblem({ path, address, text }: FixedAddress, subnet: Subnet): TopologyProblem[] {
  const reserved = new Map([
    [subnet.first, 'the network address'],
    [subnet.first + 1, "the gateway's address, which is the engine's own"],
    [subnet.last, 'the broadcast address'],
  ]).get(address);
  const outside = address < subnet.first || address > subnet.last;
  if (!outside && reserved === undefined) return [];
  const range = `${formatAddress(subnet.first + 2)} to ${formatAddress(subnet.last - 1)}`;
  const found = outside ? 'which is outside the subnet' : `which is ${reserved}`;
  const message = `expected an address of ${subnet.cidr} from ${range}, found \`${text}\`, ${found}`;
  return [{ path, at: 'value', message }];
}

function duplicateProblem(one: FixedAddress, earlier: readonly FixedAddress[]): TopologyProblem[] {
  const same = earlier.find(({ address }) => address === one.address);
  if (same === undefined) return [];
  const message = `expected an address of its own, found \`${one.text}\`, which \`${same.path.join('.')}\` has`;
  return [{ path: one.path, at: 'value', message }];
}

function fixedAddresses({ vip, addresses }: Record<string, unknown>): FixedAddress[] {
  const named: [string[], unknown][] = [[['vip'], vip]];
  if (isMap(addresses)) {
    for (const [name, text] of Object.entries(addresses)) named.push([['addresses', name], text]);
  }
  return named.flatMap(([path, text]) => {
    const address = typeof text === 'string' ? parseAddress(text) : undefined;
    return address === undefined ? [] : [{ path, address, text: String(text) }];
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
