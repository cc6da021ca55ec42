import type { SiteRuleFile } from '../../site/model/site.js';
import { iptablesLines } from '../languages/iptablesLines.js';
import type { Draft } from '../model/draft.js';
import { lineChanges } from './lineChanges.js';
import { managerOf } from './managers.js';

/** How a change of a file stays over a restart, in the words of what manages the rules. */
export function keepingOf(file: SiteRuleFile, before: Draft, after: Draft): readonly string[] {
  const added = addedRules(before, after);
  const family = file.kind === 'ip6tables-save' ? 'ipv6' : 'ipv4';
  switch (managerOf(file)) {
    case 'firewalld':
      return [
        ...added.map(
          ({ table, chain, specification }) =>
            `firewall-cmd --permanent --direct --add-rule ${family} ${table} ${directChain(table, chain)} 0 ${specification}`,
        ),
        'firewall-cmd --reload',
      ];
    case 'firewalld with nftables':
      return untrackingOf(before, after).length > 0
        ? [
            ...untrackingOf(before, after).map(
              (match) => `firewall-cmd --permanent --direct --add-rule ${match}`,
            ),
            'firewall-cmd --reload',
          ]
        : [unkept('firewalld')];
    case 'ufw': {
      const rules = family === 'ipv6' ? '/etc/ufw/before6.rules' : '/etc/ufw/before.rules';
      return [
        ...added.map(({ chain, specification, next }) =>
          ofOthers.test(chain)
            ? `# ufw does not write ${chain}: what is put there lasts until its owner writes it again`
            : `# in ${rules}${next === undefined ? '' : `, before the line \`${next}\``}: -A ${chain} ${specification}`,
        ),
        'ufw reload',
      ];
    }
    case 'Shorewall':
      return [
        '# Shorewall writes these rules: put the same under `?SECTION INVALID` of /etc/shorewall/rules, as `ACCEPT net $FW:ADDRESS tcp PORT`',
        'shorewall check && shorewall reload',
      ];
    case 'OpenWrt':
      return [
        '# OpenWrt writes these rules: put the same in /etc/nftables.d/, in a file that adds rules to the chain',
        'fw4 check && fw4 reload',
      ];
    case 'Proxmox VE':
      return [
        '# pve-firewall writes the chains that begin with PVEFW- itself: where it is INVALID that they drop, put under [OPTIONS] of /etc/pve/nodes/NODE/host.fw: nf_conntrack_allow_invalid: 1',
        'pve-firewall compile && pve-firewall restart',
      ];
    case undefined:
      return [
        `patch ${file.name} < PATCH   # PATCH is what --patch wrote, where this file is what the director loads when it starts; else save its rules as ever`,
      ];
  }
}

/** Chains that other programs write beside ufw. */
const ofOthers = /^(?:DOCKER|KUBE-|f2b-|LIBVIRT)/;

/** Whether what manages the rules takes a change away when it writes them again. */
export function isLost(file: SiteRuleFile, before: Draft, after: Draft): boolean {
  return (
    after.size > 0 &&
    managerOf(file) === 'firewalld with nftables' &&
    untrackingOf(before, after).length === 0
  );
}

function unkept(manager: string): string {
  return `# ${manager} has no place for such a rule: what is changed here lasts until it loads its rules again`;
}

interface Added {
  readonly table: string;
  readonly chain: string;
  readonly specification: string;
  /** The rule before which it stands, as far as it is in the same chain. */
  readonly next: string | undefined;
}

function addedRules(before: Draft, after: Draft): readonly Added[] {
  const { rules } = iptablesLines(after);
  return lineChanges(before, after).flatMap((change) => {
    const rule = change.kind === 'new' ? rules.find(({ line }) => line === change.line) : undefined;
    if (rule === undefined) return [];
    const next = rules.find(
      ({ line, table, chain }) =>
        line > rule.line &&
        table === rule.table &&
        chain === rule.chain &&
        after.lines[line - 1]?.origin !== undefined,
    );
    const { table, chain, specification } = rule;
    return [
      {
        table,
        chain,
        specification,
        next: next === undefined ? undefined : `-A ${chain} ${next.specification}`,
      },
    ];
  });
}

/** firewalld's own chains are its own: what is to come before them goes to the chain that the kernel calls. */
function directChain(table: string, chain: string): string {
  if (table === 'raw') return 'PREROUTING';
  const [, hook = 'INPUT'] = /^(INPUT|OUTPUT|FORWARD|PREROUTING)/.exec(chain) ?? [];
  return chain.startsWith('FWD') ? 'FORWARD' : hook;
}

/** Rules of nft that keep conntrack from looking, as direct rules of firewalld, which come before its own. */
function untrackingOf(before: Draft, after: Draft): readonly string[] {
  return lineChanges(before, after).flatMap((change) => {
    if (change.kind === 'gone') return [];
    const [, ip = '', address = '', protocol = '', port = ''] =
      /\b(ip6?) daddr (\S+) (tcp|udp) dport (\d+) notrack/.exec(after.textAt(change.line)) ?? [];
    if (address === '') return [];
    return [
      `${ip === 'ip6' ? 'ipv6' : 'ipv4'} raw PREROUTING 0 -d ${address} -p ${protocol} --dport ${port} -j CT --notrack`,
    ];
  });
}
