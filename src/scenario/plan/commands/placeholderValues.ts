import { type FamilyAddresses, ownAddress } from '../../network/addresses.js';
import { placeholderOf } from './placeholders.js';

/** The values of placeholders, by name. */
export function placeholderValues(addresses: FamilyAddresses): Readonly<Record<string, string>> {
  const nodes = Object.keys(addresses.interfaces).map((name) => [
    placeholderOf(name),
    ownAddress(addresses, name),
  ]);
  return { VIP: addresses.vip, LAN: addresses.lan, ...Object.fromEntries(nodes) } as Record<string, string>;
}
