import { IpvsadmReader, type SavedService } from '../../scenario/syntax/ipvsadm/savedIpvs.js';
import type { SiteService } from '../model/site.js';
import type { SourceFile } from '../model/sourceFile.js';
import { readEndpoint } from './addressPort.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';

/** Reads what `ipvsadm -Sn` prints, and what `ipvsadm -Ln` lists. */
export function readIpvsadm(file: SourceFile): Reading<SiteService> {
  const reader = new IpvsadmReader('site', readEndpoint);
  const listing = new Listing();
  const problems = [];
  for (const at of sayingLines(file)) {
    const saved = at.text.startsWith('-') && !at.text.startsWith('->') ? at.text : listing.asSaved(at.text);
    const problem = saved === undefined ? undefined : reader.line(saved, at.line);
    if (problem !== undefined) problems.push(problemAt(at, problem));
  }
  return { found: reader.services.map((service) => siteService(service, file.name)), problems };
}

const selectors: Readonly<Record<string, string>> = {
  TCP: '-t',
  UDP: '-u',
  SCTP: '--sctp-service',
  FWM: '-f',
};
const methods: Readonly<Record<string, string>> = { Route: '-g', Local: '-g', Tunnel: '-i', Masq: '-m' };

/** `TCP  192.0.2.1:80 rr`, and below it `-> 10.0.0.1:80  Route  1  0  0`, as `ipvsadm -Sn` would save them. */
class Listing {
  #selector = '';

  /** Undefined: it is a heading. What is no line of a listing is given back. */
  asSaved(line: string): string | undefined {
    const [first = '', second = '', method = '', weight = '1'] = line.split(/\s+/);
    if (['IP', 'Prot'].includes(first) || second === 'RemoteAddress:Port') return undefined;
    if (first === '->') return `-a ${this.#selector} -r ${second} ${methods[method] ?? ''} -w ${weight}`;
    const selector = selectors[first];
    if (selector === undefined) return line;
    this.#selector = `${selector} ${second}`;
    return `-A ${this.#selector}`;
  }
}

function siteService(saved: SavedService, file: string): SiteService {
  const { kind, end, mark, isIpv6, destinations, line } = saved;
  return {
    protocol: kind === 'mark' ? 'tcp' : kind,
    family: isIpv6 ? 'ipv6' : 'ipv4',
    address: end === undefined ? undefined : { vip: end.address, port: end.port ?? 0 },
    fwmark: mark,
    servers: destinations.map((one) => ({
      ...{ address: one.end.address, port: one.end.port ?? 0 },
      ...{ forwarding: one.forwarding, weight: one.weight, at: { file, line: one.line } },
    })),
    at: { file, line },
  };
}
