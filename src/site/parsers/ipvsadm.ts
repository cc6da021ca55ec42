import {
  IpvsadmReader,
  type SavedDestination,
  type SavedProblem,
  type SavedService,
} from '../../scenario/syntax/ipvsadm/savedIpvs.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { SiteProblem } from '../model/siteProblem.js';
import type { FileLine, SourceFile } from '../model/sourceFile.js';
import { readEndpoint } from './addressPort.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';
import { fullRealserver } from './unasked.js';

/** Reads what `ipvsadm -Sn` prints, and what `ipvsadm -Ln` lists. */
export function readIpvsadm(file: SourceFile): Reading<SiteService> {
  const reader = new IpvsadmReader('site', readEndpoint);
  const listing = new Listing();
  const problems: SiteProblem[] = [];
  const lines = new Map<number, FileLine>();
  for (const at of sayingLines(file)) {
    lines.set(at.line, at);
    const saved = at.text.startsWith('-') && !at.text.startsWith('->') ? at.text : listing.asSaved(at.text);
    if (saved === undefined) continue;
    const problem = typeof saved === 'string' ? reader.line(saved, at.line) : saved.problem;
    if (problem !== undefined) problems.push(problemAt(at, problem));
  }
  const notes = [
    ...reader.passedOver,
    ...reader.services.flatMap(({ destinations }) => destinations.flatMap(thresholdNote)),
  ];
  for (const { line, message } of notes) {
    const at = lines.get(line);
    if (at !== undefined) problems.push(problemAt(at, message, 'noted'));
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

/** What a listing calls how a service is scheduled, each by the option that says it, and whether a value follows. */
const flags: Readonly<Record<string, { readonly option: string; readonly takesNext: boolean }>> = {
  persistent: { option: '-p', takesNext: true },
  mask: { option: '-M', takesNext: true },
  pe: { option: '--pe', takesNext: true },
  ops: { option: '-o', takesNext: false },
};

const ofCounters =
  'expected a list that says how packets are forwarded, found one of numbers (`--stats`, `--rate` and the like): give what `ipvsadm -Sn` prints';

/** `TCP  192.0.2.1:80 rr`, and below it `-> 10.0.0.1:80  Route  1  0  0`, as `ipvsadm -Sn` would save them. */
class Listing {
  #selector = '';
  #isOfCounters = false;

  /** Undefined: there is nothing to read in it. What is no line of a listing is given back. */
  asSaved(line: string): string | { readonly problem: string } | undefined {
    const words = line.split(/\s+/);
    const [first = '', second = '', method = '', weight = '1'] = words;
    if (first === 'Prot') {
      this.#isOfCounters = !words.includes('Scheduler');
      return this.#isOfCounters ? { problem: ofCounters } : undefined;
    }
    if (first === 'IP' || second === 'RemoteAddress:Port') return undefined;
    const isOfListing = first === '->' || Object.hasOwn(selectors, first);
    if (isOfListing && this.#isOfCounters) return undefined;
    if (first === '->') {
      const option = Object.hasOwn(methods, method) ? methods[method] : undefined;
      return option === undefined
        ? { problem: `expected Route, Tunnel, Masq or Local behind the realserver, found \`${method}\`` }
        : `-a ${this.#selector} -r ${second} ${option} -w ${weight}`;
    }
    const selector = Object.hasOwn(selectors, first) ? selectors[first] : undefined;
    if (selector === undefined) return line;
    const isIpv6 = method === 'IPv6';
    this.#selector = `${selector} ${second}${isIpv6 ? ' -6' : ''}`;
    return [`-A ${this.#selector}`, ...schedulingOptions(words.slice(isIpv6 ? 3 : 2))].join(' ');
  }
}

/** `wlc persistent 300 mask 255.255.255.0 ops`, as options. */
function schedulingOptions([scheduler, ...words]: readonly string[]): readonly string[] {
  const options: string[] = scheduler === undefined ? [] : ['-s', scheduler];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const flag = Object.hasOwn(flags, word) ? flags[word] : undefined;
    const [, ofScheduler] = /^\((.+)\)$/.exec(word) ?? [];
    if (ofScheduler !== undefined) options.push('-b', ofScheduler);
    else options.push(flag?.option ?? word);
    if (flag?.takesNext === true) {
      options.push(words[at + 1] ?? '');
      at += 1;
    }
  }
  return options;
}

function thresholdNote({ most, least, line }: SavedDestination): readonly SavedProblem[] {
  if (most === undefined && least === undefined) return [];
  return [{ line, message: fullRealserver }];
}

function siteService(saved: SavedService, file: string): SiteService {
  const { kind, end, mark, isIpv6, destinations, onePacket, line } = saved;
  return {
    protocol: kind === 'mark' ? 'tcp' : kind,
    family: isIpv6 ? 'ipv6' : 'ipv4',
    address: end === undefined ? undefined : { vip: end.address, port: end.port ?? 0 },
    fwmark: mark,
    onePacket,
    choosing: choosingOf(saved),
    servers: destinations.map((one): SiteServer => ({
      ...{ address: one.end.address, port: one.end.port ?? 0 },
      ...{ forwarding: one.forwarding, weight: one.weight, at: { file, line: one.line } },
      ...(one.encapsulation !== undefined && { encapsulation: one.encapsulation }),
    })),
    at: { file, line },
  };
}

function choosingOf({ scheduler, flags: own, persistent, netmask, engine }: SavedService): readonly string[] {
  return [
    ...(scheduler === undefined || scheduler === 'rr' ? [] : [`-s ${scheduler}`]),
    ...(own.length === 0 ? [] : [`-b ${own.join(',')}`]),
    ...(persistent === undefined ? [] : [`-p ${persistent}`]),
    ...(netmask === undefined ? [] : [`-M ${netmask}`]),
    ...(engine === undefined ? [] : [`--pe ${engine}`]),
  ];
}
