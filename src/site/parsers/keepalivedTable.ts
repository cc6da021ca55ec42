import { familyOfAddress } from '../model/addressRange.js';
import type { SiteRuleFile } from '../model/site.js';
import type { DroppedAddress } from './keepalivedGlobals.js';

/** A rule, as nft prints it, and the line of the configuration that it is there for. */
interface PlacedLine {
  readonly text: string;
  readonly at: { readonly file: string; readonly line: number };
}

/**
 * The table by which keepalived drops packets for its addresses, as it loads it when it is MASTER; its lines stand where the configuration asks
 * for them. `iptables-save` does not show it. Undefined: there is nothing to drop, or the rules that are there have it.
 */
export function keepalivedTable(
  dropped: readonly DroppedAddress[],
  rules: readonly SiteRuleFile[],
): SiteRuleFile | undefined {
  const [first] = dropped;
  if (first === undefined || rules.some(({ kind, text }) => kind === 'nft' && ownTable.test(text)))
    return undefined;
  const lines = (['ipv4', 'ipv6'] as const).flatMap((family) =>
    tableLines(
      family,
      dropped.filter(({ address }) => familyOfAddress(address) === family),
    ),
  );
  return {
    name: 'keepalived.nft',
    kind: 'nft',
    text: `${lines.map(({ text }) => text).join('\n')}\n`,
    places: lines.map(({ at }) => at),
    isImplied: true,
  };
}

const ownTable = /^\s*(?:add\s+)?table\s+(?:ip6?|inet)\s+keepalived\b/m;

function tableLines(family: 'ipv4' | 'ipv6', dropped: readonly DroppedAddress[]): readonly PlacedLine[] {
  const [first] = dropped;
  if (first === undefined) return [];
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  // By these messages neighbours find an address; keepalived drops none of them.
  const other = family === 'ipv4' ? '' : 'meta l4proto != ipv6-icmp ';
  const lines = [
    `table ${ip} keepalived {`,
    '\tchain in {',
    '\t\ttype filter hook input priority -1; policy accept;',
    ...dropped.map(({ address }) => `\t\t${ip} daddr ${address} ${other}drop`),
    '\t}',
    '}',
  ];
  return lines.map((text, index) => ({ text, at: (dropped[index - 3] ?? first).at }));
}
