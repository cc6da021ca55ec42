import { stepProblems } from '../../../src/contracts/agents/stepOrder.js';
import { type FlowProfile, retriedSegments } from '../../../src/contracts/agents/flowProfile.js';
import { notUnicast } from '../../../src/contracts/words/network.js';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { RefusedProfile } from './readProfile.js';
import type { Devices, NetworkNamespace, Route } from './namespace.js';

/** The only IPv6 networks that the lab has: unique local ones (RFC 4193), which it chooses itself. */
const uniqueLocal = 'fc00::/7';
/** Link-local addresses, one of which every interface gives itself. */
const linkLocal = 'fe80::/10';
const widest = 8;

/** The most that the agent does, whoever asks. */
const limits = {
  count: 1_000_000,
  rate: 100_000,
  sources: 64,
  ports: 64,
  retries: 15,
  requests: 100,
  /** The longest load, in seconds. */
  time: 3600,
  /** The payload that fits an Ethernet frame together with IP and TCP headers, in bytes. */
  mss: { ipv4: 1460, ipv6: 1440 },
};
/** How many client ports one source address has. */
const portsOfSource = 65_536 - 1024;

/**
 * Lets a profile through that stays within the lab: addresses in its networks, bounded numbers, and a network namespace that has nothing
 * but those networks, so that a host is never taken for the lab. Which addresses these are does not matter then: nobody outside can be reached.
 * Throws RefusedProfile.
 */
export function refuseUnsafeProfile(profile: FlowProfile, namespace: NetworkNamespace): void {
  refuseForeignAddresses(profile);
  refuseDisorder(profile);
  refuseExcess(profile);
  refuseHost(profile, namespace);
  refuseOtherDevice(profile, namespace.devices);
}

function refuseForeignAddresses(profile: FlowProfile): void {
  const { family, vip, nextHop, address, sources, networks } = profile;
  if (networks.length === 0) throw refused('networks', 'at least one network', networks);
  for (const network of networks) {
    if (!isUsable(network)) {
      const expected = `networks of unicast addresses in CIDR, /${widest} at the widest (nothing of ${notUnicast.join(', ')}; of IPv6, within ${uniqueLocal})`;
      throw refused('networks', expected, network);
    }
  }
  const mine = networks.filter((network) => isIPv4(baseOf(network)) === (family === 'ipv4'));
  const refuseOutside = (where: string, candidate: string) => {
    if (mine.some((network) => contains(network, candidate))) return;
    throw refused(
      where,
      `an ${family} address within ${mine.join(', ') || `a network of ${family}`}`,
      candidate,
    );
  };
  refuseOutside('vip', vip);
  refuseOutside('nextHop', nextHop);
  refuseOutside('address', address);
  if (sources.length === 0) throw refused('sources', 'at least one address', sources);
  sources.forEach((source, index) => {
    refuseOutside(`sources[${index}]`, source);
    if ([vip, nextHop, address].includes(source) || sources.indexOf(source) !== index) {
      throw refused(`sources[${index}]`, 'an address that nobody else has', source);
    }
  });
}

function refuseDisorder({ flows: { mix } }: FlowProfile): void {
  for (const { conversation } of mix) {
    const [first] = stepProblems(conversation.steps);
    if (first === undefined) continue;
    const where =
      first.index === undefined ? conversation.name : `${conversation.name}, step ${first.index + 1}`;
    throw new RefusedProfile(`the load profile was refused: ${where}: ${first.message}`);
  }
}

function refuseExcess({ flows, ports, sources, firstFlow, mss, deadline, family }: FlowProfile): void {
  const { count, rate, ramp, concurrency, retries, mix, datagrams } = flows;
  wholeWithin('sources', sources.length, 1, limits.sources);
  if (sources.length !== flows.sources) {
    throw refused('flows.sources', `${sources.length}, as many as there are in sources`, flows.sources);
  }
  wholeWithin('flows.count', count, 1, limits.count);
  wholeWithin('firstFlow', firstFlow, 0, limits.count);
  if (firstFlow + count > sources.length * portsOfSource) {
    const most = `at most ${sources.length * portsOfSource} flows for ${sources.length} sources`;
    throw refused('firstFlow and flows.count', most, firstFlow + count);
  }
  within('flows.rate', rate, 1, limits.rate);
  within('flows.ramp', ramp, 0, limits.time);
  wholeWithin('flows.concurrency', concurrency, 1, limits.count);
  for (const segment of retriedSegments) {
    wholeWithin(`flows.retries.${segment}`, retries[segment], 0, limits.retries);
  }
  if (datagrams === undefined && mix.length === 0)
    throw refused('flows.mix', 'at least one conversation', mix);
  if (datagrams !== undefined) {
    if (mix.length > 0) throw refused('flows.mix', 'no conversation of TCP beside datagrams', mix);
    wholeWithin('flows.datagrams.requests', datagrams.requests, 1, limits.requests);
  }
  if (ports.length === 0) throw refused('ports', 'at least one port', ports);
  wholeWithin('ports', ports.length, 1, limits.ports);
  for (const port of ports) wholeWithin('ports', port, 1, 65_535);
  wholeWithin('mss', mss, 1, limits.mss[family]);
  within('deadline', deadline, 0.001, limits.time);
}

/** Refuses to run on a host, which has routes to the outside, and in a container with other networks. */
function refuseHost(
  { networks, nextHop, gateways }: FlowProfile,
  { devices, routes, isInitial }: NetworkNamespace,
): void {
  const lab = `nothing but the lab's networks (${networks.join(', ')})`;
  const refusedAs = (found: string) => refused('the network namespace', lab, found);
  if (isInitial) throw refusedAs('the one of a host');
  for (const [device, addresses = []] of Object.entries(devices)) {
    if (device === 'lo') continue;
    const own = addresses.map(({ cidr, address }) => cidr ?? address);
    const assigned = own.filter((cidr) => !isWithin(cidr, linkLocal));
    const isOfLab =
      assigned.length > 0 && assigned.every((cidr) => networks.some((lan) => isWithin(cidr, lan)));
    if (!isOfLab) throw refusedAs(`the interface ${device} with ${own.join(', ') || 'no address'}`);
  }
  const leadNowhere = [nextHop, ...gateways];
  const isWayOut = ({ to, gateway }: Route) =>
    !networks.some((network) => isWithin(to, network)) &&
    (gateway === undefined || !leadNowhere.includes(gateway));
  const out = routes.find(isWayOut);
  if (out === undefined) return;
  throw refusedAs(`a route to ${out.to} by ${out.gateway ?? 'nobody'} on ${out.device}`);
}

/** Refuses a device that is not the one the engine gave the client: its MAC address, network or address is another. */
function refuseOtherDevice({ device, mac, address, sources, networks }: FlowProfile, devices: Devices): void {
  const addresses = devices[device] ?? [];
  const found = `${device} (${addresses.map(({ cidr, address }) => cidr ?? address).join(', ') || 'no address'})`;
  const own = addresses.find((candidate) => candidate.address === address);
  if (own === undefined) throw refused('device', `an interface that has the address ${address}`, found);
  const isWhole = networks.some(
    (network) => isWithin(own.cidr ?? '', network) && prefixOf(own.cidr ?? '') === prefixOf(network),
  );
  if (!isWhole) throw refused('device', `an interface on all of ${networks.join(' or ')}`, found);
  if (own.mac !== mac) throw refused('device', `an interface with the MAC address ${mac}`, own.mac);
  const everyAddress = Object.values(devices).flatMap((list) => (list ?? []).map((one) => one.address));
  const taken = sources.find((source) => everyAddress.includes(source));
  if (taken !== undefined) throw refused('sources', 'addresses that this host does not have', taken);
}

function isUsable(network: string): boolean {
  if (!isCidr(network) || prefixOf(network) < widest) return false;
  if (!isIPv4(baseOf(network))) return isWithin(network, uniqueLocal);
  return !notUnicast.some((range) => isWithin(network, range) || isWithin(range, network));
}

/** Whether a network, or an address with its prefix, is a part of a network of the same family. */
function isWithin(cidr: string, network: string): boolean {
  return isCidr(cidr) && prefixOf(cidr) >= prefixOf(network) && contains(network, baseOf(cidr));
}

function isCidr(text: string): boolean {
  const family = isIP(baseOf(text));
  return family !== 0 && /^[\d.:a-f]+\/\d+$/i.test(text) && prefixOf(text) <= (family === 4 ? 32 : 128);
}

/** Whether an address is of a network and of its family. */
function contains(network: string, address: string): boolean {
  const family = isIPv4(baseOf(network)) ? 'ipv4' : 'ipv6';
  if (isIP(address) !== (family === 'ipv4' ? 4 : 6) || address.includes('%')) return false;
  const list = new BlockList();
  list.addSubnet(baseOf(network), prefixOf(network), family);
  return list.check(address, family);
}

const baseOf = (network: string): string => network.split('/')[0] ?? '';
const prefixOf = (network: string): number => Number(network.split('/')[1]);

function wholeWithin(where: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value)) throw refused(where, 'a whole number', value);
  within(where, value, least, most);
}

function within(where: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw refused(where, `a number from ${least} to ${most}`, value);
}

function refused(where: string, expected: string, found: unknown): RefusedProfile {
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return new RefusedProfile(`the load profile was refused: ${where}: expected ${expected}, found ${text}`);
}
