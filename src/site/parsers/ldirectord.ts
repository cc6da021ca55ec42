import type { Forwarding } from '../../contracts/words/network.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { SourceFile } from '../model/sourceFile.js';
import { readEndpoint } from './addressPort.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';

type UnfinishedService = { -readonly [Key in keyof SiteService]: SiteService[Key] } & {
  servers: SiteServer[];
};

const methods: Readonly<Record<string, Forwarding>> = { gate: 'dr', masq: 'nat', ipip: 'tun' };

/** Reads ldirectord.cf: `virtual = ...`, and below it `real = ADDRESS:PORT gate|masq|ipip [WEIGHT]` and `protocol = ...`. */
export function readLdirectord(file: SourceFile): Reading<SiteService> {
  const services: UnfinishedService[] = [];
  const problems = [];
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
            weight: /^\d+$/.test(weight) ? Number(weight) : 1,
            at,
          });
    } else if (key === 'protocol' && service !== undefined && (value === 'udp' || value === 'tcp'))
      service.protocol = value;
  }
  return { found: services, problems };
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
