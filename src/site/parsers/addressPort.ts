import { knownPorts } from '../../scenario/syntax/ports.js';
import { familyOfAddress } from '../model/addressRange.js';
import type { Family } from '../../contracts/words/network.js';

/** An address and a port of a service or a realserver. */
export interface AddressPort {
  readonly address: string;
  readonly family: Family;
  readonly port: number;
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `192.0.2.1:http`; a string: why it is none. */
export function readEndpoint(text: string): AddressPort | string {
  const [, six, four, portText] = /^(?:\[([^\]]+)\]|([^:]+))(?::(.+))?$/.exec(text) ?? [];
  const address = six ?? four ?? text;
  const family = familyOfAddress(address);
  if (family === undefined)
    return `\`${address}\` is a name, and which address it stands for is not in any file: give what \`ipvsadm -Sn\` prints, or an address in its place with \`--map ${address}=ADDRESS\``;
  const port = readPort(portText ?? '0');
  return port === undefined
    ? `the port \`${portText ?? ''}\` is not known here by this name: write its number`
    : { address, family, port };
}

/** A port by its number or name; undefined: nobody here knows it. */
export function readPort(text: string): number | undefined {
  const [range] = knownPorts([text]) ?? [];
  return range !== undefined && range[0] === range[1] ? range[0] : undefined;
}
