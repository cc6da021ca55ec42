import { isDeepStrictEqual } from 'node:util';
import { didYouMean } from '../../../support/suggest.js';
import type { KeyPath } from '../../model/place.js';
import { fromIpvsadm, ipvsadmText } from './fromIpvsadm.js';
import { destinationsIn, servicesIn, servingNames, vipsOf } from './layout.js';
import type { CrossProblem } from './problem.js';
import { type AnyMap, isMap } from './anyMap.js';

/** Contradictions in and between the services of a topology. Parts that are invalid by themselves are skipped. */
export function serviceProblems(topology: AnyMap): readonly CrossProblem[] {
  const text = ipvsadmText(topology);
  if (text !== undefined)
    return fromIpvsadm(text, topology).problems.map(({ line, message }) => ({
      path: ['services', 'ipvsadm'],
      at: 'value',
      line,
      message,
    }));
  const all = servicesIn(topology['services']);
  return all.flatMap((service, index) => {
    const earlier = all.slice(0, index);
    const problems = [
      ...portProblem(service, earlier),
      ...rangeProblem(service),
      ...vipProblem(service, topology),
      ...markProblem(service, earlier),
      ...persistenceProblems(service, topology),
      ...flagProblems(service),
      ...onePacketProblem(service, topology),
      ...destinationProblems(service, topology),
    ];
    return problems.map(({ path, ...problem }) => ({ ...problem, path: ['services', index, ...path] }));
  });
}

function problemAt(path: KeyPath, at: CrossProblem['at'], message: string): CrossProblem[] {
  return [{ path, at, message }];
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** The ports of a service; undefined: they are invalid. */
function portsOf({ port }: AnyMap): Range | undefined {
  if (!isMap(port)) return undefined;
  const { first, last } = port;
  return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
}

function textOf({ first, last }: Range): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function portProblem(service: AnyMap, earlier: readonly AnyMap[]): CrossProblem[] {
  const ports = portsOf(service);
  const isTaken = earlier.some((other) => {
    const taken = portsOf(other);
    const isSameVip = (other['vip'] ?? 1) === (service['vip'] ?? 1);
    const isSameProtocol = (other['protocol'] ?? 'tcp') === (service['protocol'] ?? 'tcp');
    return (
      ports && taken && isSameVip && isSameProtocol && taken.first <= ports.last && ports.first <= taken.last
    );
  });
  if (ports === undefined || !isTaken) return [];
  const message = `expected a port of its own, found \`${textOf(ports)}\`, which an earlier service has`;
  return problemAt(['port'], 'value', message);
}

function rangeProblem(service: AnyMap): CrossProblem[] {
  const ports = portsOf(service);
  if (ports === undefined || ports.first === ports.last || service['fwmark'] !== undefined) return [];
  const message = `expected \`fwmark\` beside a range of ports, found none; IPVS knows a range by a mark only`;
  return problemAt(['port'], 'value', message);
}

function vipProblem({ vip }: AnyMap, topology: AnyMap): CrossProblem[] {
  const { length } = vipsOf(topology);
  if (typeof vip !== 'number' || vip <= length) return [];
  const there = length === 1 ? 'the only one' : `1 to ${length}`;
  const message = `expected a VIP of this topology (${there}; \`topology.vips\` says how many), found \`${vip}\``;
  return problemAt(['vip'], 'value', message);
}

/** Refuses services with one mark that are balanced differently: the kernel has one service per mark. */
function markProblem(service: AnyMap, earlier: readonly AnyMap[]): CrossProblem[] {
  const mark = service['fwmark'];
  if (typeof mark !== 'number') return [];
  const same = earlier.find((other) => other['fwmark'] === mark);
  if (same === undefined) return [];
  const own = ['port', 'vip', 'fwmark', 'protocol'];
  const keys = [...new Set([...Object.keys(same), ...Object.keys(service)])];
  const key = keys.find((one) => !own.includes(one) && !isDeepStrictEqual(same[one], service[one]));
  if (key === undefined) return [];
  const message = `expected the same \`${key}\` as the earlier service with this mark, found another; services with one mark are one service`;
  return problemAt(['fwmark'], 'key', message);
}

function persistenceProblems(service: AnyMap, { family }: AnyMap): CrossProblem[] {
  const netmask = service['persistence-netmask'];
  const without = ['persistence-netmask', 'persistence-engine'].filter(
    (key) => service[key] !== undefined && service['persistent'] === undefined,
  );
  const isMask = typeof netmask === 'string' && netmask.includes('.');
  const wanted = family === 'ipv6' ? "a prefix's length such as `64`" : 'a netmask such as `255.255.255.0`';
  const isWrong = typeof netmask === 'string' && isMask === (family === 'ipv6');
  return [
    ...without.flatMap((key) =>
      problemAt([key], 'key', `expected \`persistent\` beside \`${key}\`, found none`),
    ),
    ...(isWrong
      ? problemAt(
          ['persistence-netmask'],
          'value',
          `expected ${wanted}, as the service's family is ${String(family)}, found \`${netmask}\``,
        )
      : []),
  ];
}

function onePacketProblem(service: AnyMap, { forwarding }: AnyMap): CrossProblem[] {
  if (service['one-packet'] !== true) return [];
  const ways = destinationsIn(service).map(([, one]) => one['forwarding'] ?? forwarding);
  if (ways.includes('nat') || (ways.length === 0 && forwarding === 'nat'))
    return problemAt(
      ['one-packet'],
      'key',
      'expected direct routing or a tunnel beside `one-packet`, found `nat`; without an entry IPVS does not translate answers back, and no client gets one',
    );
  if (service['protocol'] === 'udp') return [];
  const message =
    'expected `protocol: udp` beside `one-packet`, found none; connections of TCP have an entry';
  return problemAt(['one-packet'], 'key', message);
}

function flagProblems({ scheduler, 'scheduler-flags': flags }: AnyMap): CrossProblem[] {
  if (!Array.isArray(flags) || typeof scheduler !== 'string') return [];
  return flags.flatMap((flag: unknown, index) =>
    typeof flag === 'string' && !flag.startsWith(`${scheduler}-`)
      ? problemAt(
          ['scheduler-flags', index],
          'value',
          `expected a flag of the scheduler \`${scheduler}\`${scheduler === 'sh' || scheduler === 'mh' ? '' : ', which has none'}, found \`${flag}\``,
        )
      : [],
  );
}

function isPort(port: unknown): boolean {
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function destinationProblems(service: AnyMap, topology: AnyMap): CrossProblem[] {
  const names = servingNames(topology);
  const named = destinationsIn(service);
  const ports = portsOf(service);
  if (names === undefined) return [];
  const unknown = named.filter(([name]) => !names.includes(name));
  const wayOf = (one: AnyMap) => one['forwarding'] ?? topology['forwarding'];
  const own = service['realserver-port'];
  const isOther = (port: unknown) => isPort(port) && port !== ports?.first;
  const all: readonly AnyMap[] = named.length === 0 ? [{}] : named.map(([, one]) => one);
  const isWithoutNat = isOther(own) && all.some((one) => one['port'] === undefined && wayOf(one) !== 'nat');
  const isMarked = service['fwmark'] !== undefined;
  const reason = isMarked
    ? 'what is found by a mark keeps its port'
    : 'only address translation (`nat`) changes it';
  const portMessage = (port: unknown) =>
    `expected the service's own port, found \`${String(port)}\`; ${reason}`;
  return [
    ...unknown.flatMap(([name]) =>
      problemAt(
        ['realservers', name],
        'key',
        `expected a node that serves (${names.join(', ')}), found \`${name}\`${didYouMean(name, names)}`,
      ),
    ),
    ...(isWithoutNat || (isMarked && isOther(own))
      ? problemAt(['realserver-port'], 'value', portMessage(own))
      : []),
    ...named.flatMap(([name, one]) =>
      isOther(one['port']) && (isMarked || wayOf(one) !== 'nat')
        ? problemAt(['realservers', name, 'port'], 'value', portMessage(one['port']))
        : [],
    ),
    ...(named.length > 0 && named.every(([, one]) => one['weight'] === 0)
      ? problemAt(
          ['realservers'],
          'key',
          'expected a realserver of a weight above 0, found none; the control run could reach nobody. `director.commands` may set weights in the measured run',
        )
      : []),
  ];
}
