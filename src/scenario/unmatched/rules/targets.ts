import { isIP } from 'node:net';
import type { Option } from '../../syntax/iptables/iptablesOptions.js';
import type { Condition } from './rule.js';

/** Options of targets that name an address; each may be cut short to what the others do not begin with. */
const ofAddress: Readonly<Record<string, readonly string[]>> = {
  DNAT: ['--to-destination', '--to-dest', '--to'],
  SNAT: ['--to-source', '--to-src', '--to'],
  NETMAP: ['--to'],
  TEE: ['--gateway'],
  TPROXY: ['--on-ip'],
};

/** The addresses and sets that the target of an iptables rule names: `-j DNAT --to-destination 10.0.0.1:80`. */
export function usesOf(target: string, options: readonly Option[]): readonly Condition[] {
  const found: Condition[] = [];
  const keys = Object.hasOwn(ofAddress, target) ? (ofAddress[target] ?? []) : [];
  for (const { option, values } of options) {
    const [value = ''] = values.map(({ text }) => text);
    const address = withoutPort(value);
    if (keys.includes(option) && isAddressText(address))
      found.push({ kind: 'address', side: 'other', ranges: [address] });
    const isSet = target === 'SET' && ['--add-set', '--del-set', '--map-set'].includes(option);
    if (isSet) found.push({ kind: 'set', name: value, sides: [] });
  }
  return found;
}

/** An address or a range without the port behind it: `10.0.0.1:80`, `10.0.0.1-10.0.0.9:80`, `[2001:db8::1]:80`. */
export function withoutPort(text: string): string {
  const [, six] = /^\[([^\]]+)\]/.exec(text) ?? [];
  if (six !== undefined) return six;
  return /^[^:]+:[^:]*$/.test(text) ? text.replace(/:.*$/, '') : text;
}

/** Whether it is an address, a network or a range. */
export function isAddressText(text: string): boolean {
  const [first = ''] = text.split(/[/-]/);
  return isIP(first) !== 0;
}
