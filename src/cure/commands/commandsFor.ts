import type { VirtualService } from '../../prediction/model/question.js';
import type { SiteRuleFile } from '../../site/model/site.js';
import type { ChangedSite } from '../model/changedSite.js';
import type { Commands } from '../model/cure.js';
import type { Draft } from '../model/draft.js';
import { iptablesCommands } from './iptablesCommands.js';
import { keepingOf } from './keeping.js';
import { nftFileCommands } from './nftFileCommands.js';

/** What to type on the director for a change of its rules and settings: to make it, to see that it helps, to take it back, and to keep it. */
export function commandsFor(before: ChangedSite, after: ChangedSite): Commands {
  const apply: string[] = [];
  const back: string[] = [];
  const keep: string[] = [];
  for (const file of before.site.rules) {
    const [old, draft] = [before.draftOf(file.name), after.draftOf(file.name)];
    if (old === undefined || draft === undefined || draft.size === 0) continue;
    const commands = ofFile(file, old, draft);
    apply.push(...commands.apply);
    back.unshift(...commands.back);
    keep.push(...keepingOf(file, old, draft));
  }
  for (const [key, value] of after.settings) {
    const was = before.site.sysctls?.get(key)?.trim() ?? '0';
    apply.push(`sysctl -w ${key}=${value}`);
    back.unshift(`sysctl -w ${key}=${was}`);
    keep.push(`echo '${key} = ${value}' > /etc/sysctl.d/90-ipvs.conf`);
  }
  return { apply, back, keep, check: checksOf(before, after) };
}

function ofFile(
  file: SiteRuleFile,
  old: Draft,
  draft: Draft,
): { readonly apply: readonly string[]; readonly back: readonly string[] } {
  if (file.kind !== 'nft')
    return iptablesCommands(file.kind === 'ip6tables-save' ? 'ip6tables' : 'iptables', old, draft);
  return nftFileCommands(file, old, draft);
}

function checksOf({ site, prediction }: ChangedSite, after: ChangedSite): readonly string[] {
  const services = prediction.services.map(({ service }) => service);
  const isNft = site.rules.some(({ kind }) => kind === 'nft');
  const isIptables = site.rules.some(({ kind }) => kind === 'iptables-save' || kind === 'ip6tables-save');
  const isSix = services.some(({ family }) => family === 'ipv6');
  const has = (wanted: VirtualService['protocol']) => services.some(({ protocol }) => protocol === wanted);
  const counted = has('tcp') ? 'connections close' : 'requests come';
  return [
    ...(isIptables
      ? [
          `${isSix ? 'ip6tables' : 'iptables'} -vnL --line-numbers   # new rules count packets when ${counted}`,
        ]
      : []),
    ...(isNft && !isIptables ? ['nft list ruleset   # the new rules are there'] : []),
    ...(after.settings.size > 0
      ? [
          'cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max   # how full the table is',
        ]
      : []),
    ...(has('tcp')
      ? ['ipvsadm -Lnc   # closed connections are FIN_WAIT for two minutes, not ESTABLISHED for fifteen']
      : []),
    ...(has('udp')
      ? ['ipvsadm -Ln --stats   # InPkts of each realserver of a service of UDP rises with its requests']
      : []),
    ...realserverChecks(services),
  ];
}

function realserverChecks(services: readonly VirtualService[]): readonly string[] {
  const ports = new Set(
    services
      .filter(({ protocol }) => protocol === 'tcp')
      .flatMap(({ servers }) => servers.map(({ port }) => port)),
  );
  return [...ports]
    .slice(0, 2)
    .map(
      (port) =>
        `ss -Htan state fin-wait-2 '( sport = :${port} )' | wc -l   # on a realserver: falls within a minute`,
    );
}
