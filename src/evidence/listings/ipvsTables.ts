import { parseEndpoint } from '../text/endpoint.js';
import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';
import type { IpvsConnection, IpvsSample, SavedDestination } from '../model/evidence.js';

/** Matches a row of another protocol than TCP and UDP: the persistence template of a fwmark service has `IP`. */
const otherProtocol = /^(?!(?:TCP|UDP)\b)\w+\s+\d+:\d\d\s/;

/**
 * Parses the output of `ipvsadm -Lnc`: two heading lines, then one connection per row. Returns those of TCP and UDP, including persistence
 * templates, which have client port 0. `expires` is in seconds. Throws EvidenceError that quotes a row it cannot read.
 */
export function parseIpvsConnections(text: string): IpvsConnection[] {
  return nonEmptyLines(text)
    .filter((line) => !line.startsWith('IPVS connection entries') && !/^pro\s+expire\s/.test(line))
    .filter((line) => !otherProtocol.test(line))
    .map(parseRow);
}

/** Follows a listing that was different each time it was read; see `lab/node/collect.sh`. */
const unsettled = /^# unsettled$/m;

/** Reads the section `ipvs-connections` of a `.final`. Beside a raw-socket load the listing was read only once, because it is long. */
export function readFinalConnections(
  text: string,
  besideFlows: boolean,
): Pick<IpvsSample, 'connections' | 'end'> {
  const doubt = unsettled.test(text)
    ? 'entries came and went while they were listed'
    : besideFlows
      ? 'beside flows the table is read once only, and entries that expire meanwhile hide others'
      : undefined;
  return { connections: parseIpvsConnections(text.replace(unsettled, '')), end: { doubt } };
}

/** The addresses that `ipvsadm -Ln`, with or without `--stats`, lists as destinations of services. */
export function parseIpvsDestinations(text: string): string[] {
  const rows = nonEmptyLines(text).flatMap((line) => /^\s+-> (\S+)/.exec(line)?.[1] ?? []);
  const addresses = rows
    .filter((row) => row !== 'RemoteAddress:Port')
    .map((row) => parseEndpoint(row).address);
  return [...new Set(addresses)];
}

/** The realservers with their weights of what `ipvsadm -Sn` prints. */
export function parseSavedDestinations(text: string): SavedDestination[] {
  return nonEmptyLines(text).flatMap((line) => {
    const [, service, end, weight] = /^-a (-[tuf] \S+) -r (\S+) -[gim] -w (\d+)/.exec(line) ?? [];
    return service === undefined || end === undefined
      ? []
      : [{ service, realserver: parseEndpoint(end).address, weight: Number(weight) }];
  });
}

function parseRow(row: string): IpvsConnection {
  const [protocol, expires, state, source, virtual, destination] = row.split(/\s+/);
  const time = /^(\d+):(\d\d)$/.exec(expires ?? '');
  if (
    protocol === undefined ||
    time === null ||
    state === undefined ||
    source === undefined ||
    virtual === undefined ||
    destination === undefined
  ) {
    throw new EvidenceError(
      `Expected a row of ipvsadm -Lnc (protocol, mm:ss, state, source, virtual, destination), found ${JSON.stringify(row)}.`,
    );
  }
  const client = parseEndpoint(source);
  const vip = parseEndpoint(virtual);
  const realserver = parseEndpoint(destination);
  return {
    protocol,
    state,
    expires: Number(time[1]) * 60 + Number(time[2]),
    clientAddress: client.address,
    clientPort: client.port,
    vip: vip.address,
    vport: vip.port,
    realserver: realserver.address,
    rport: realserver.port,
  };
}
