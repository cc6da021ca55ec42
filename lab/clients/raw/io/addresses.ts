import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** An IP address as 4 or 16 bytes, as it stands in a packet. Throws RangeError for anything but a plain address. */
export function addressBytes(text: string): Buffer {
  if (isIP(text) === 0 || text.includes('%')) {
    throw new RangeError(`expected an IPv4 or IPv6 address, found ${JSON.stringify(text)}`);
  }
  return Buffer.from(ipaddr.parse(text).toByteArray());
}

/** Reads a MAC address such as `02:42:ac:11:00:02` as six bytes. */
export function macBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}
