import { type FamilyAddresses, ownAddress } from '../../network/allocation.js';
import { vipName } from '../../model/virtualServices.js';
import { placeholderOf } from './placeholders.js';

/** The values of placeholders, by name. */
export function placeholderValues(addresses: FamilyAddresses): Readonly<Record<string, string>> {
  const nodes = Object.keys(addresses.interfaces).map((name) => [
    placeholderOf(name),
    ownAddress(addresses, name),
  ]);
  const vips = addresses.vips.map((address, index) => [placeholderOf(vipName(index + 1)), address]);
  return { ...Object.fromEntries([...vips, ...nodes]), LAN: addresses.lan } as Record<string, string>;
}
