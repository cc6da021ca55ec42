/**
 * A text of a kind that people have and that cannot be read here, because it says too little or has to be run: what it is, and what to give in
 * its place.
 */
export interface OtherText {
  /** Its first line that tells, from 1. */
  readonly line: number;
  readonly what: string;
  readonly instead: string;
}

const rules = 'what `iptables-save` or `nft list ruleset` prints on the director';

const others: readonly (readonly [RegExp, what: string, instead: string])[] = [
  [
    /^Chain \S+ \((?:policy |\d+ references)/m,
    'what `iptables -L` prints, which leaves out interfaces and more',
    'what `iptables-save` prints on the director',
  ],
  [
    /^\s*(?:sudo\s+)?(?:\S*\/)?(?:ip6?tables|\$\{?IPT\w*\}?)\s+(?:-t\s+\w+\s+)?-[A-Z]\b/m,
    'a script of iptables commands',
    'what `iptables-save` prints where it was run',
  ],
  [/^Status: (?:in)?active\s*$/m, 'what `ufw status` prints', rules],
  [/^\S+(?: \([\w, ]+\))?\s*\n\s+target: /m, 'what `firewall-cmd --list-all` prints', rules],
  [/^\s*<(?:zone|direct|service|policy)\b/m, 'a file of firewalld', rules],
  [
    /^IPVS connection entries/m,
    'what `ipvsadm -Lc` prints, connections',
    'what `ipvsadm -Sn` prints, services',
  ],
  [/^\w\S*:? (?:flags=\d+<|\s*Link encap:)/m, 'what `ifconfig` prints', 'what `ip address` prints'],
  [/^Kernel IP(?:v6)? routing table/m, 'what `route` or `netstat -r` prints', 'what `ip route` prints'],
];

/** What a text is that nothing here can read; undefined: it is not known. */
export function otherText(text: string): OtherText | undefined {
  for (const [sign, what, instead] of others) {
    const found = sign.exec(text);
    if (found === null) continue;
    const before = text.slice(0, found.index + found[0].search(/\S/));
    return { line: before.split('\n').length, what, instead };
  }
  return undefined;
}
