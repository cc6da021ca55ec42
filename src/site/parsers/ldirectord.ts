import { type Forwarding, ipvsProtocols } from '../../contracts/words/network.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { FileLine, SourceFile } from '../model/sourceFile.js';
import { readEndpoint } from './addressPort.js';
import type { SiteProblem } from '../model/siteProblem.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';
import { sorryServer } from './unasked.js';

type UnfinishedService = { -readonly [Key in keyof SiteService]: SiteService[Key] } & {
  servers: SiteServer[];
  choosing: string[];
};

const methods: Readonly<Record<string, Forwarding>> = { gate: 'dr', masq: 'nat', ipip: 'tun' };

/** Keys that say which realserver a client gets. */
const ofChoosing: readonly string[] = ['scheduler', 'persistent', 'netmask'];

/** Keys that say whether realservers are up, and whom to tell; and how ldirectord itself runs. */
const ofChecking: readonly string[] = [
  ...['checktimeout', 'negotiatetimeout', 'checkinterval', 'checkcount', 'failurecount', 'autoreload'],
  ...['callback', 'fallbackcommand', 'logfile', 'emailalert', 'emailalertfrom', 'emailalertfreq'],
  ...['emailalertstatus', 'smtp', 'execute', 'supervised', 'fork', 'quiescent', 'readdquiescent'],
  ...['cleanstop', 'maintenancedir', 'checktype', 'service', 'checkcommand', 'checkport', 'request'],
  ...['receive', 'httpmethod', 'virtualhost', 'login', 'passwd', 'database', 'secret', 'load', 'monitorfile'],
];

/** Reads ldirectord.cf: `virtual = ...`, and below it `real = ADDRESS:PORT gate|masq|ipip [WEIGHT]` and `protocol = ...`. */
export function readLdirectord(file: SourceFile): Reading<SiteService> {
  const services: UnfinishedService[] = [];
  const problems: SiteProblem[] = [];
  const say = (at: FileLine, message: string, done?: SiteProblem['done']) =>
    void problems.push(problemAt(at, message, done));
  for (const at of sayingLines(file)) {
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(at.text) ?? [];
    const service = services.at(-1);
    if (/^virtual6?$/.test(key)) {
      const isMark = /^\d+$/.test(value);
      const end = isMark ? undefined : readEndpoint(value);
      if (typeof end === 'string') problems.push(problemAt(at, end));
      else
        services.push({
          protocol: 'tcp',
          family: end?.family ?? (key === 'virtual6' ? 'ipv6' : 'ipv4'),
          address: end === undefined ? undefined : { vip: end.address, port: end.port },
          fwmark: isMark ? Number(value) : undefined,
          onePacket: false,
          choosing: [],
          servers: [],
          at,
        });
    } else if (/^real6?$/.test(key) && service !== undefined) {
      const [ends = '', method = 'masq', weight = '1'] = value.split(/\s+/);
      const [from = '', to] = ends.split('->');
      const found = serversOf(from, to);
      const forwarding = methods[method];
      if (forwarding === undefined)
        problems.push(problemAt(at, `expected gate, masq or ipip, found \`${method}\``));
      if (typeof found === 'string') problems.push(problemAt(at, found));
      else
        for (const end of found)
          service.servers.push({
            ...end,
            forwarding: forwarding ?? 'nat',
            weight: weightOf(weight),
            at,
          });
    } else if (key === 'fallback') say(at, sorryServer, 'noted');
    else if (service !== undefined && key === 'protocol') {
      const protocol = ipvsProtocols.find((one) => one === value);
      // Of a mark it is that of the packets that have it.
      if (protocol !== undefined) service.protocol = protocol;
      else if (value !== 'fwm') say(at, `expected protocol tcp, udp or fwm, found \`${value}\``);
    } else if (service !== undefined && key === 'ops') service.onePacket = value === 'yes';
    else if (service !== undefined && ofChoosing.includes(key)) {
      if (value !== 'rr') service.choosing.push(`${key}=${value}`);
    } else if (!ofChecking.includes(key))
      say(
        at,
        `\`${at.text.slice(0, 60)}\` is nothing of ldirectord that is known here, and is passed over`,
        'noted',
      );
  }
  return { found: services, problems };
}

/** What stands where a weight may is one, or begins what a check sends. */
function weightOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : 1;
}

/** `10.0.0.1:80`, and `10.0.0.1->10.0.0.4:80` for four of them. */
function serversOf(
  from: string,
  to: string | undefined,
): readonly { address: string; port: number }[] | string {
  const first = readEndpoint(from);
  const last = to === undefined ? first : readEndpoint(to);
  if (typeof first === 'string') return first;
  if (typeof last === 'string') return last;
  const [, base = '', start = ''] = /^(.*\.)(\d+)$/.exec(first.address) ?? [];
  const [, other = '', end = ''] = /^(.*\.)(\d+)$/.exec(last.address) ?? [];
  if (to === undefined || base !== other) return [{ address: first.address, port: last.port }];
  const count = Math.max(0, Math.min(Number(end) - Number(start) + 1, 256));
  return Array.from({ length: count }, (_, index) => ({
    address: `${base}${Number(start) + index}`,
    port: last.port,
  }));
}
