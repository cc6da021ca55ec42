import type { Forwarding } from '../../contracts/words/network.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { FileLine, SourceFile } from '../model/sourceFile.js';
import { readEndpoint } from './addressPort.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';

type Growing = Omit<SiteService, 'servers'> & { readonly servers: SiteServer[] };

const protocols = { '-t': 'tcp', '-u': 'udp', '--tcp-service': 'tcp', '--udp-service': 'udp' } as const;
const sctp: readonly string[] = ['--sctp-service'];
const methods: Readonly<Record<string, Forwarding>> = {
  '-g': 'dr',
  '--gatewaying': 'dr',
  '-i': 'tun',
  '--ipip': 'tun',
  '-m': 'nat',
  '--masquerading': 'nat',
  Route: 'dr',
  Tunnel: 'tun',
  Masq: 'nat',
  Local: 'dr',
};

/** Reads what `ipvsadm -Sn` prints, and what `ipvsadm -Ln` lists. */
export function readIpvsadm(file: SourceFile): Reading<SiteService> {
  const services = new Map<string, Growing>();
  const problems = [];
  let listed = '';
  for (const at of sayingLines(file)) {
    const line = at.text.replace(/^ipvsadm\s+/, '');
    const words = line.split(/\s+/);
    const problem =
      line.startsWith('-') && words[0] !== '->'
        ? savedLine(words, at, services)
        : listedLine(words, at, services, (key) => (listed = key ?? listed));
    if (problem !== undefined) problems.push(problemAt(at, problem));
  }
  return { found: [...services.values()], problems };
}

/** `-A -t 192.0.2.1:80 -s rr` and `-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1`; a string: why it cannot be read. */
function savedLine(
  words: readonly string[],
  at: FileLine,
  services: Map<string, Growing>,
): string | undefined {
  const [verb = ''] = words;
  if (['-A', '--add-service', '-E', '--edit-service'].includes(verb)) {
    const service = serviceOf(words, at);
    if (typeof service === 'string') return service;
    services.set(keyOf(words), service);
    return undefined;
  }
  if (!['-a', '--add-server', '-e', '--edit-server'].includes(verb))
    return verb === '-C' || verb === '--clear' || verb === '--set'
      ? undefined
      : `expected a line of \`ipvsadm -Sn\` (-A or -a), found \`${at.text.slice(0, 60)}\``;
  const service = services.get(keyOf(words));
  if (service === undefined) return 'expected a realserver of a service above, found one of none';
  const index = words.findIndex((word) => word === '-r' || word === '--real-server');
  const end = readEndpoint(words[index + 1] ?? '');
  if (typeof end === 'string') return end;
  const forwarding = words.map((word) => methods[word]).find((one) => one !== undefined) ?? 'dr';
  service.servers.push({ ...serverOf(end, words, '-w'), forwarding, at });
  return undefined;
}

function serviceOf(words: readonly string[], at: FileLine): Growing | string {
  const index = words.findIndex((word) => /^(?:-[tuf]|--(?:tcp|udp|sctp|fwmark)-service)$/.test(word));
  const [option = '', value = ''] = words.slice(index, index + 2);
  const shared = { servers: [], at };
  if (option === '-f' || option === '--fwmark-service') {
    const family = words.includes('-6') || words.includes('--ipv6') ? 'ipv6' : 'ipv4';
    return { ...shared, protocol: 'tcp', family, address: undefined, fwmark: Number(value) };
  }
  const end = readEndpoint(value);
  if (typeof end === 'string') return end;
  const protocol = sctp.includes(option) ? 'sctp' : protocols[option as keyof typeof protocols];
  const { family, address: vip, port } = end;
  return { ...shared, protocol, family, address: { vip, port }, fwmark: undefined };
}

/** `TCP  192.0.2.1:80 rr`, and below it `-> 10.0.0.1:80  Route  1  0  0`. */
function listedLine(
  words: readonly string[],
  at: FileLine,
  services: Map<string, Growing>,
  listed: (key?: string) => string,
): string | undefined {
  const [first = '', second = ''] = words;
  if (['IP', 'Prot'].includes(first) || second === 'RemoteAddress:Port') return undefined;
  if (['TCP', 'UDP', 'SCTP', 'FWM'].includes(first)) {
    const option = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' }[first] ?? '';
    return (
      savedLine(['-A', option, second, ...words.slice(2)], at, services) ??
      (listed(`${option} ${second}`), undefined)
    );
  }
  if (first !== '->') return `expected a line of \`ipvsadm -Sn\`, found \`${at.text.slice(0, 60)}\``;
  const [option = '', value = ''] = listed().split(' ');
  const [, , method = '', weight = '1'] = words;
  return savedLine(['-a', option, value, '-r', second, method, '-w', weight], at, services);
}

function serverOf(
  end: { readonly address: string; readonly port: number },
  words: readonly string[],
  option: string,
) {
  const index = words.findIndex((word) => word === option || word === '--weight');
  return { address: end.address, port: end.port, weight: index < 0 ? 1 : Number(words[index + 1]) };
}

function keyOf(words: readonly string[]): string {
  const index = words.findIndex((word) => /^(?:-[tuf]|--(?:tcp|udp|sctp|fwmark)-service)$/.test(word));
  const short = (words[index] ?? '').replace(
    /^--([tu])cp-service$|^--(u)dp-service$|^--(f)wmark-service$/,
    '-$1$2$3',
  );
  return `${short} ${words[index + 1] ?? ''}`;
}
