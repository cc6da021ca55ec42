import ipaddr from 'ipaddr.js';
import { clientKey } from '../model/connectionKey.js';
import type { ListedService, ServicesFrom } from '../model/traced.js';
import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';

/** ipvsadm's options for what the kernel calls them. */
const options: Readonly<Record<string, string | undefined>> = {
  TCP: '-t',
  UDP: '-u',
  SCTP: '--sctp-service',
  FWM: '-f',
};

/**
 * Parses rows of /proc/net/ip_vs, each listing behind a line `@ TIME`: the services that there were from then on. Columns behind a realserver's
 * weight are skipped. Throws EvidenceError that quotes a row it cannot read.
 */
export function parseServiceHistory(text: string): ServicesFrom[] {
  const history: { time: number; services: UnfinishedService[] }[] = [];
  for (const row of nonEmptyLines(text)) {
    const time = /^@ (\d+\.\d+)$/.exec(row)?.[1];
    if (time !== undefined) {
      history.push({ time: Number(time), services: [] });
      continue;
    }
    const services = history.at(-1)?.services;
    const realserver = /^ {2}-> (\S+) +\S+ +(\d+)(?: |$)/.exec(row);
    const of = services?.at(-1);
    if (realserver !== null && of !== undefined)
      of.realservers.push({ address: endOf(realserver[1]).address, weight: Number(realserver[2]) });
    else if (services !== undefined && realserver === null) services.push(serviceOf(row));
    else throw unreadable(row);
  }
  return history;
}

type UnfinishedService = ListedService & { readonly realservers: { address: string; weight: number }[] };

function serviceOf(row: string): UnfinishedService {
  const [, protocol = '', name = '', scheduler = ''] = /^(\w+) +(\S+) (\S+)/.exec(row) ?? [];
  const option = options[protocol];
  if (option === undefined) throw unreadable(row);
  const end = option === '-f' ? undefined : endOf(name);
  const what = end === undefined ? String(Number.parseInt(name, 16)) : clientKey(end.address, end.port);
  return { service: `${option} ${what}`, scheduler, realservers: [] };
}

/** An address and a port in hexadecimal digits: `0A000009:0050`, `[fd00:0000:0000:0000:0000:0000:0000:0009]:0050`. */
function endOf(text = ''): { readonly address: string; readonly port: number } {
  const [, v6, v4, port] = /^(?:\[([\da-f:]+)\]|([\dA-F]{8})):([\dA-F]{4})$/i.exec(text) ?? [];
  if (port === undefined) throw unreadable(text);
  const address =
    v6 === undefined
      ? new ipaddr.IPv4([...Buffer.from(v4 ?? '', 'hex')]).toString()
      : ipaddr.IPv6.parse(v6).toRFC5952String();
  return { address, port: Number.parseInt(port, 16) };
}

function unreadable(row: string): EvidenceError {
  return new EvidenceError(`Expected a row of /proc/net/ip_vs, found ${JSON.stringify(row)}.`);
}
