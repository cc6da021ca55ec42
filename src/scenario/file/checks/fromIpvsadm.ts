import { schedulerFlags, schedulers } from '../../model/schedulers.js';
import type { Destination, VirtualService } from '../../model/scenario.js';
import { mostVips } from '../../model/virtualServices.js';
import { readSavedIpvs, type SavedProblem, type SavedService } from '../../syntax/ipvsadm/savedIpvs.js';
import { didYouMean } from '../../../support/suggest.js';
import { type AnyMap, isMap } from './anyMap.js';

/** Services as a text of `ipvsadm -Sn` has them, their addresses those of the lab, and what is wrong with it. */
export interface ReadServices {
  readonly services: readonly VirtualService[];
  readonly problems: readonly SavedProblem[];
}

/** The text of `services.ipvsadm`; undefined: the services are a list, or invalid. */
export function ipvsadmText({ services }: AnyMap): string | undefined {
  const text = isMap(services) ? services['ipvsadm'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/**
 * The services of a text that `ipvsadm -Sn` printed. A VIP or realserver of the text is the lab's of the same address, if the topology fixes
 * one; others are taken in the order in which the text names them: the first VIP, the second, `realserver1` and so on.
 */
export function fromIpvsadm(text: string, topology: AnyMap): ReadServices {
  const { services, problems } = readSavedIpvs(text);
  const names = new SiteNames(topology);
  const found: SavedProblem[] = [...problems];
  const marks = isMap(topology['services']) ? topology['services']['marks'] : undefined;
  const read = services.flatMap((saved): VirtualService[] => {
    const wrong = refusal(saved, topology);
    if (wrong !== undefined) {
      found.push({ line: saved.line, message: wrong });
      return [];
    }
    const vip = saved.end === undefined ? 1 : names.vipOf(saved.end.address);
    if (typeof vip === 'string') {
      found.push({ line: saved.line, message: vip });
      return [];
    }
    const realservers = saved.destinations.flatMap(({ end, forwarding, weight, line }): Destination[] => {
      const node = names.nodeOf(end.address);
      if ('problem' in node) {
        found.push({ line, message: node.problem });
        return [];
      }
      // Only translation changes the port; ipvsadm itself takes the service's for the others.
      const isOther = forwarding === 'nat' && saved.end !== undefined && end.port !== saved.end.port;
      return [
        {
          node: node.name,
          ...(weight !== 1 && { weight }),
          forwarding,
          ...(isOther && end.port !== undefined && { port: end.port }),
        },
      ];
    });
    if (saved.destinations.every(({ weight }) => weight === 0))
      found.push({
        line: saved.line,
        message:
          'expected a realserver of a weight above 0 below it, found none; the control run could reach nobody',
      });
    const ends = endsOf(saved, marks);
    if (ends.length === 0)
      found.push({
        line: saved.line,
        message: `expected beside \`ipvsadm\` which ports have the mark, \`marks: { ${saved.mark ?? 1}: [80, 443] }\`, found none`,
      });
    return ends.map(({ first, last }) => ({
      port: first,
      scheduler: saved.scheduler ?? 'wlc',
      persistent: saved.persistent,
      fwmark: saved.mark,
      protocol: saved.kind === 'udp' ? ('udp' as const) : undefined,
      onePacket: saved.onePacket ? (true as const) : undefined,
      lastPort: last === first ? undefined : last,
      vip: vip === 1 ? undefined : vip,
      schedulerFlags: saved.flags.length === 0 ? undefined : saved.flags,
      persistenceNetmask: saved.netmask,
      persistenceEngine: saved.engine,
      realservers,
    }));
  });
  if (services.length === 0 && problems.length === 0)
    found.push({ line: 1, message: 'expected a service, such as `-A -t 192.0.2.1:80 -s rr`, found none' });
  return { services: read, problems: [...found].sort((one, other) => one.line - other.line) };
}

/** Why a lab cannot have such a service; undefined: it can. */
function refusal(
  { kind, end, isIpv6, scheduler, flags }: SavedService,
  topology: AnyMap,
): string | undefined {
  const family = topology['family'] === 'ipv6' ? 'ipv6' : 'ipv4';
  const isSymbolic = end?.address.startsWith('$') === true;
  if (!isSymbolic && isIpv6 !== (family === 'ipv6'))
    return `expected a service of ${family === 'ipv6' ? 'IPv6' : 'IPv4'}, as \`topology.family\` is ${family}, found one of ${isIpv6 ? 'IPv6' : 'IPv4'}`;
  if (kind !== 'mark' && (end?.port ?? 0) === 0)
    return 'expected the port of the service, found none; for several ports give them a mark (`-f`)';
  if (scheduler !== undefined && !(schedulers as readonly string[]).includes(scheduler))
    return `expected a scheduler of IPVS (${schedulers.join(', ')}), found \`${scheduler}\`${didYouMean(scheduler, schedulers)}`;
  const flag = flags.find((one) => !(schedulerFlags as readonly string[]).includes(one));
  if (flag !== undefined)
    return `expected flags of a scheduler (${schedulerFlags.join(', ')}), found \`${flag}\`${didYouMean(flag, schedulerFlags)}`;
  return undefined;
}

interface Ports {
  readonly first: number;
  readonly last: number;
}

/** The ports of a service; of one with a mark those that the file says have it. */
function endsOf({ end, mark }: SavedService, marks: unknown): readonly Ports[] {
  if (end?.port !== undefined) return [{ first: end.port, last: end.port }];
  const given: unknown = isMap(marks) ? marks[String(mark)] : undefined;
  return Array.isArray(given) ? (given as readonly Ports[]) : [];
}

/** Which VIPs and nodes of the lab the addresses of a text are. */
class SiteNames {
  readonly #topology: AnyMap;
  readonly #vips = new Map<string, number>();
  readonly #nodes = new Map<string, string>();

  constructor(topology: AnyMap) {
    this.#topology = topology;
    const { vip, addresses } = topology;
    if (typeof vip === 'string') this.#vips.set(vip, 1);
    for (const [name, address] of Object.entries(isMap(addresses) ? addresses : {})) {
      const [, number] = /^vip(\d)$/.exec(name) ?? [];
      if (number !== undefined) this.#vips.set(String(address), Number(number));
      else this.#nodes.set(String(address), name);
    }
  }

  /** The number of a VIP; a string: why there is none. */
  vipOf(address: string): number | string {
    const there = typeof this.#topology['vips'] === 'number' ? this.#topology['vips'] : 1;
    const [, written] = /^\$\{VIP(\d?)\}$/.exec(address) ?? [];
    const known = written === undefined ? this.#vips.get(address) : Number(written === '' ? 1 : written);
    const free = numbers(mostVips).find((number) => ![...this.#vips.values()].includes(number));
    const number = known ?? (address.startsWith('$') ? undefined : free);
    if (number === undefined || number > there) {
      const many = number === undefined ? '' : `; add \`vips: ${number}\` to \`topology\``;
      return `expected ${there === 1 ? 'one VIP' : `${there} VIPs`}, of \`topology.vips\`, found another, \`${address}\`${many}`;
    }
    this.#vips.set(address, number);
    return number;
  }

  /** The node that has the address of a realserver. */
  nodeOf(address: string): { readonly name: string } | { readonly problem: string } {
    const isLocal = this.#topology['local-realserver'] === true;
    const there = typeof this.#topology['realservers'] === 'number' ? this.#topology['realservers'] : 2;
    const [, written] = /^\$\{(REALSERVER\d|DIRECTOR)\}$/.exec(address) ?? [];
    const isDirectors = /^127\.|^::1$/.test(address) || this.#vips.has(address);
    const known = isDirectors ? 'director' : (written?.toLowerCase() ?? this.#nodes.get(address));
    const used = [...this.#nodes.values()];
    const names = numbers(8).map((number) => `realserver${number}`);
    const name = known ?? (address.startsWith('$') ? undefined : names.find((one) => !used.includes(one)));
    if (name === 'director' && !isLocal)
      return {
        problem: `expected a realserver's address, found \`${address}\`, which is the director itself; add \`local-realserver: true\` to \`topology\``,
      };
    const number = name === undefined ? undefined : names.indexOf(name) + 1;
    if (name !== 'director' && (number === undefined || number === 0 || number > there)) {
      const many =
        number === undefined || number === 0 ? '' : `; add \`realservers: ${number}\` to \`topology\``;
      return {
        problem: `expected ${there === 1 ? 'one realserver' : `${there} realservers`}, of \`topology.realservers\`, found another, \`${address}\`${many}`,
      };
    }
    if (name === undefined) return { problem: `expected an address, found \`${address}\`` };
    this.#nodes.set(address, name);
    return { name };
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
