import type { SiteRuleFile } from '../../site/model/site.js';

/** What writes a director's rules, so that a change of them lasts only until it does so again. */
export type Manager =
  'firewalld' | 'firewalld with nftables' | 'ufw' | 'Shorewall' | 'OpenWrt' | 'Proxmox VE';

/** Chains and tables by which rules show who wrote them. */
const signs: readonly (readonly [Manager, RegExp])[] = [
  ['firewalld with nftables', /^\s*(?:add\s+)?table\s+inet\s+firewalld\b/m],
  ['firewalld', /^\s*:?(?:-N )?(?:INPUT_ZONES|IN_\w+_allow|INPUT_direct)\b/m],
  ['ufw', /^\s*:?(?:-N )?ufw-before-input\b/m],
  ['Shorewall', /Shorewall:|^\s*:?(?:-N )?(?:net2fw|net-fw)\b/m],
  ['Proxmox VE', /^\s*:?(?:-N )?PVEFW-INPUT\b/m],
  ['OpenWrt', /^\s*table\s+inet\s+fw4\b/m],
];

/** Who wrote the rules of a text; undefined: a person, or nobody that is known here. */
export function managerOf({ text }: Pick<SiteRuleFile, 'text'>): Manager | undefined {
  return signs.find(([, sign]) => sign.test(text))?.[0];
}
