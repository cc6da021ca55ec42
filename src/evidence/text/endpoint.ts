import { EvidenceError } from './error.js';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Reads `address:port` as ss and ipvsadm write it: `10.0.0.1:80`, `[fe80::1]:80`, `*:*`, `10.0.0.1%eth0:80`. An IPv4-mapped IPv6
 * address becomes the IPv4 address that was on the wire; a port of `*` becomes 0. Throws EvidenceError.
 */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:\[([^\]]+)\]|(.*?))(?:%[^:]*)?:(\d+|\*)$/.exec(text);
  if (match === null) {
    throw new EvidenceError(`Expected address:port, found ${JSON.stringify(text)}.`);
  }
  const address = (match[1] ?? match[2] ?? '').replace(/%.*$/, '');
  return {
    address: address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, ''),
    port: match[3] === '*' ? 0 : Number(match[3]),
  };
}
