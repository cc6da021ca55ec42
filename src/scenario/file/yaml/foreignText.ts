/** A kind of file that is no scenario, and what to do with it. */
export interface ForeignText {
  readonly what: string;
  readonly hint: string;
}

interface Kind extends ForeignText {
  /** Matches the first line with contents in a file of this kind. */
  readonly first: RegExp;
}

const named = (key: string): string =>
  `Name it in a scenario file, below the node that it is for: \`director: { ${key}: { file: PATH } }\`; \`lvs-lab list\` names some to copy.`;

const kinds: readonly Kind[] = [
  {
    what: 'the output of iptables-save or ip6tables-save',
    hint: named('rules').replace('; `', ', `rules6` for IPv6; `'),
    first:
      /^(?:\*(?:filter|nat|mangle|raw|security)\s*$|\*[a-z]+$|:[\w-]+ (?:ACCEPT|DROP|-) |(?:\[\d+:\d+\] )?-A \S+ )/,
  },
  {
    what: 'nftables rules',
    hint: named('nftables'),
    first:
      /^(?:#!\S*\bnft\b|(?:(?:add|create|flush|delete|destroy) )?table (?:\w+ )?\S+(?: \{|$)|flush ruleset\b|add (?:chain|rule|set|element) )/,
  },
  {
    what: 'the input of `ipset restore`',
    hint: named('ipset'),
    first: /^(?:create \S+ (?:hash|bitmap|list):|add \S+ [\d.:a-fA-F/]+$)/,
  },
  {
    what: 'a shell script',
    hint: 'Put its iptables, nft and ipset lines, without variables, below `commands:` of a node in a scenario file; or run it on the host and take what `iptables-save` prints then.',
    first: /^(?:#!.*\b(?:sh|bash|dash|ksh)\b|(?:\/\S*\/)?(?:ip6?tables|ipset|nft) -?\w|[A-Z_]+=\S*$)/,
  },
  {
    what: 'a configuration of keepalived',
    hint: 'Write its virtual servers as `topology.services` of a scenario file, and the rules of its host below `rules`.',
    first: /^(?:global_defs|vrrp_\w+|virtual_server\w*)\b.*\{/,
  },
];

/** Recognises a known kind of file that is no scenario by its first line with contents; undefined: it is none of them. */
export function foreignText(text: string): ForeignText | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line, index) => (index === 0 && line.startsWith('#!')) || /^[^#]/.test(line));
  if (first === undefined) {
    const hint = 'Copy one of the files that `lvs-lab list` names, and change it.';
    return { what: text.trim() === '' ? 'an empty file' : 'comments and nothing else', hint };
  }
  return kinds.find((kind) => kind.first.test(first));
}
