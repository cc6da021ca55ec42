import type { RuleTextKey } from '../../../contracts/words/rules.js';

/** A kind of file that is no scenario, and what to do with it. */
export interface ForeignText {
  readonly what: string;
  readonly hint: string;
}

/** A kind of text, by how it begins. */
export interface TextKind {
  readonly what: string;
  /** Matches the first line with contents in a text of this kind. */
  readonly first: RegExp;
  /** The keys of a node that take such a text; none: no key does. */
  readonly keys: readonly RuleTextKey[];
  /** What to do with such a file, where no key takes it. */
  readonly instead?: string;
  /** The same in short, where a key for rules has it. */
  readonly advice?: string;
}

/** The kinds of text that people have of their firewalls. */
export const textKinds: readonly TextKind[] = [
  {
    what: 'the output of iptables-save or ip6tables-save',
    keys: ['rules', 'rules6'],
    first:
      /^(?:\*(?:filter|nat|mangle|raw|security)\s*$|\*[a-z]+$|:[\w-]+ (?:ACCEPT|DROP|-) |(?:\[\d+:\d+\] )?-A (?!-)\S+ )/,
  },
  {
    what: 'nftables rules',
    keys: ['nftables'],
    first:
      /^(?:#!\S*\bnft\b|(?:(?:add|create|flush|delete|destroy) )?table (?:\w+ )?\S+(?: \{|$)|flush ruleset\b|add (?:chain|rule|set|element) )/,
  },
  {
    what: 'the input of `ipset restore`',
    keys: ['ipset'],
    first: /^(?:create \S+ (?:hash|bitmap|list):|add \S+ [\d.:a-fA-F/]+$)/,
  },
  {
    what: 'a shell script',
    keys: [],
    instead:
      'Put its iptables, nft and ipset lines, without variables, below `commands:` of a node in a scenario file; or run it on the host and take what `iptables-save` prints then.',
    advice: 'its lines may go below `commands`',
    first: /^(?:#!.*\b(?:sh|bash|dash|ksh)\b|(?:\/\S*\/)?(?:ip6?tables|ipset|nft) -?\w|[A-Z_]+=\S*$)/,
  },
  {
    what: 'a configuration of keepalived',
    keys: [],
    instead:
      'Write its virtual servers as `topology.services` of a scenario file, and the rules of its host below `rules`.',
    advice: 'its virtual servers go below `topology.services`',
    first: /^(?:! ?Configuration File for keepalived|(?:global_defs|vrrp_\w+|virtual_server\w*)\b.*\{)/,
  },
  {
    what: 'what `ipvsadm` prints',
    keys: [],
    instead:
      'Name what `ipvsadm -Sn` prints in a scenario file: `topology: { services: { ipvsadm: { file: PATH } } }`.',
    advice: 'what `ipvsadm -Sn` prints goes below `topology.services.ipvsadm`',
    first: /^(?:-[AE] -[tuf6] |-[AE] --(?:tcp|udp|fwmark)-service |IP Virtual Server version )/,
  },
  {
    what: 'what `iptables -L` prints',
    keys: [],
    instead:
      'Take what `iptables-save` prints on the host, which is the whole of each rule, and name that in a scenario file.',
    advice: 'take what `iptables-save` prints, which is the whole of each rule',
    first: /^Chain \S+ \((?:policy [A-Z]+|\d+ references?)/,
  },
  {
    what: 'nftables rules as JSON',
    keys: [],
    instead: 'Take what `nft list ruleset` prints without `-j`, and name that in a scenario file.',
    advice: 'take what `nft list ruleset` prints without `-j`',
    first: /^\{\s*"nftables":/,
  },
  {
    what: 'what `ufw status` or `firewall-cmd` prints',
    keys: [],
    instead:
      'Take what `iptables-save` or `nft list ruleset` prints on the host, and name that in a scenario file.',
    advice: 'take what `iptables-save` or `nft list ruleset` prints on the host',
    first: /^(?:Status: (?:in)?active|[\w-]+ \((?:default, )?active\))$/,
  },
  {
    what: 'XML, as firewalld keeps its zones and services',
    keys: [],
    instead:
      'Take what `iptables-save` or `nft list ruleset` prints on the host, and name that in a scenario file.',
    advice: 'take what `iptables-save` or `nft list ruleset` prints on the host',
    first: /^<(?:\?xml|zone|service|ipset|policy|direct)\b/,
  },
];

/** Recognises a known kind of file that is no scenario by its first line with contents; undefined: it is none of them. */
export function foreignText(text: string): ForeignText | undefined {
  const first = firstLine(text);
  if (first === undefined) {
    const hint = 'Copy one of the files that `lvs-lab list` names, and change it.';
    return { what: text.trim() === '' ? 'an empty file' : 'comments and nothing else', hint };
  }
  const kind = textKinds.find((one) => one.first.test(first));
  return kind && { what: kind.what, hint: kind.instead ?? named(kind.keys) };
}

/** The first line of a text that is neither blank nor a comment, without blanks around it; undefined: there is none. */
export function firstLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line, index) => (index === 0 && line.startsWith('#!')) || /^[^#]/.test(line));
}

function named([key, other]: readonly RuleTextKey[]): string {
  const ofIPv6 = other === undefined ? '' : `, \`${other}\` for IPv6`;
  return `Name it in a scenario file, below the node that it is for: \`director: { ${key ?? ''}: { file: PATH } }\`${ofIPv6}; \`lvs-lab list\` names some to copy.`;
}
