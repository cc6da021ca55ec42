import type { Family } from '../contracts/words/network.js';
import { iptablesTables } from '../contracts/words/rules.js';
import type { SiteRuleFile, Site } from '../site/model/site.js';
import type { SiteProblem } from '../site/model/siteProblem.js';
import type { DirectorFilters } from './model/question.js';
import { ipsetNames, ipsetTerms } from './rules/ipsets.js';
import { readIptablesFiles } from './rules/iptablesFilter.js';
import { readNftFiles } from './rules/nft/nftFilter.js';

/** Reads all rules of a site. */
export function filtersOf({
  rules,
}: Pick<Site, 'rules'>): DirectorFilters & { readonly problems: readonly SiteProblem[] } {
  const of = (kind: SiteRuleFile['kind']) => rules.filter((file) => file.kind === kind);
  const sets = { terms: ipsetTerms(of('ipset')), names: ipsetNames(of('ipset')) };
  const families: readonly (readonly [SiteRuleFile['kind'], Family])[] = [
    ['iptables-save', 'ipv4'],
    ['ip6tables-save', 'ipv6'],
  ];
  const read = families.map(([kind, family]) => readIptablesFiles(of(kind), family, sets));
  const hasSaved = (family: string) =>
    of(family === 'ip' ? 'iptables-save' : 'ip6tables-save').length > 0 &&
    (family === 'ip' || family === 'ip6');
  // iptables of today keeps its rules in nftables, where they are listed once more.
  const nft = readNftFiles(of('nft'), (table) => {
    const [family = '', name = ''] = table.split(' ');
    return iptablesTables.includes(name) && hasSaved(family);
  });
  read.push(nft);
  return {
    families: read.map(({ chains }) => chains),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** A site's rules without those that packets only come to after IPVS. */
export function beforeIpvs({ families }: DirectorFilters): DirectorFilters {
  return {
    families: families.map(
      (chains) =>
        new Map(
          [...chains].map(([key, chain]) => {
            const isBefore = chain.base === undefined || ['PREROUTING', 'INPUT'].includes(chain.base.hook);
            return [key, isBefore ? chain : { ...chain, base: undefined }];
          }),
        ),
    ),
  };
}
