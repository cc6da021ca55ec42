import { BlockList, isIP, isIPv4 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { FlowProfile } from '../../src/scenario/flows.js';

/** The profile asks for what the agent does not do; the message says what, where and what was expected. */
export class RefusedProfile extends Error {}

/** As `os.networkInterfaces()` returns them. */
export type Devices = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Networks that nobody on the Internet has: RFC 1918, 6598 (shared), 2544 (benchmarks), 4193 (unique local). */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
  'fc00::/7',
];

/** What the agent does at most, whoever asks. */
const limits = {
  count: 1_000_000,
  rate: 100_000,
  sources: 64,
  ports: 64,
  retries: 15,
  /** Seconds. */
  time: 3600,
  /** What fits an Ethernet frame behind IP and TCP headers. */
  mss: { ipv4: 1460, ipv6: 1440 },
};
/** Client ports that a source has. */
const portsOfSource = 65_536 - 1024;

/**
 * Lets a profile through that stays within the lab: private networks, addresses in them, an interface that is on them, and bounded
 * numbers. Returns the interface's MAC address. Throws RefusedProfile.
 */
export function guard(profile: FlowProfile, devices: Devices): string {
  if (!isObject(profile) || !isObject(profile.flows) || !isObject(profile.flows.retries)) {
    throw refused('the whole', 'an object with flows and their retries', profile);
  }
  refuseForeignAddresses(profile);
  refuseExcess(profile);
  return macOfDevice(profile, devices);
}

function refuseForeignAddresses(profile: FlowProfile): void {
  const { family, vip, nextHop, address, sources, networks } = profile;
  if (!['ipv4', 'ipv6'].includes(family)) throw refused('family', 'ipv4 or ipv6', family);
  if (!isFilled(networks)) throw refused('networks', 'at least one network', networks);
  for (const network of networks) {
    if (!isPrivate(network))
      throw refused('networks', `networks within ${privateNetworks.join(', ')}`, network);
  }
  const mine = networks.filter((network) => isIPv4(baseOf(network)) === (family === 'ipv4'));
  const refuseOutside = (where: string, candidate: unknown) => {
    if (typeof candidate === 'string' && mine.some((network) => contains(network, candidate))) return;
    throw refused(
      where,
      `an ${family} address within ${mine.join(', ') || `a network of ${family}`}`,
      candidate,
    );
  };
  refuseOutside('vip', vip);
  refuseOutside('nextHop', nextHop);
  refuseOutside('address', address);
  if (!isFilled(sources)) throw refused('sources', 'at least one address', sources);
  sources.forEach((source, index) => {
    refuseOutside(`sources[${index}]`, source);
    if ([vip, nextHop, address].includes(source) || sources.indexOf(source) !== index) {
      throw refused(`sources[${index}]`, 'an address that nobody else has', source);
    }
  });
}

function refuseExcess({ flows, ports, sources, firstFlow, mss, deadline, family }: FlowProfile): void {
  const { count, rate, ramp, concurrency, retries, mix } = flows;
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
  for (const segment of ['open', 'data', 'close'] as const) {
    wholeWithin(`flows.retries.${segment}`, retries[segment], 0, limits.retries);
  }
  if (!isFilled(mix)) throw refused('flows.mix', 'at least one conversation', mix);
  if (!isFilled(ports)) throw refused('ports', 'at least one port', ports);
  wholeWithin('ports', ports.length, 1, limits.ports);
  for (const port of ports) wholeWithin('ports', port, 1, 65_535);
  wholeWithin('mss', mss, 1, limits.mss[family]);
  within('deadline', deadline, 0.001, limits.time);
}

function macOfDevice({ device, address, sources, networks }: FlowProfile, devices: Devices): string {
  const addresses = devices[device] ?? [];
  if (!addresses.some((own) => networks.some((network) => contains(network, own.address)))) {
    const found = addresses.map((own) => own.address).join(', ');
    throw refused(
      'device',
      `an interface with an address within ${networks.join(', ')}`,
      `${device} (${found || 'no address'})`,
    );
  }
  const own = addresses.find((candidate) => candidate.address === address);
  if (own === undefined) throw refused('address', `an address of ${device}`, address);
  const everyAddress = Object.values(devices).flatMap((list) => (list ?? []).map((one) => one.address));
  const taken = sources.find((source) => everyAddress.includes(source));
  if (taken !== undefined) throw refused('sources', 'addresses that this host does not have', taken);
  return own.mac;
}

function isPrivate(network: unknown): boolean {
  if (typeof network !== 'string' || !/^[\d.:a-f]+\/\d+$/i.test(network) || isIP(baseOf(network)) === 0)
    return false;
  const most = isIPv4(baseOf(network)) ? 32 : 128;
  if (prefixOf(network) > most) return false;
  return privateNetworks.some(
    (wide) => prefixOf(network) >= prefixOf(wide) && contains(wide, baseOf(network)),
  );
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

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function wholeWithin(where: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value)) throw refused(where, 'a whole number', value);
  within(where, value, least, most);
}

function within(where: string, value: number, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw refused(where, `a number from ${least} to ${most}`, value);
}

function refused(where: string, expected: string, found: unknown): RefusedProfile {
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return new RefusedProfile(`the load profile was refused: ${where}: expected ${expected}, found ${text}`);
}
