/** One rule with its packet counter, from `iptables-save -c`, `ip6tables-save -c` or, for a native nftables table, `nft list ruleset`. */
export interface RuleCount {
  /** `ip` or `ip6` for iptables; for tables of nftables, its own word. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The rule as the kernel printed it, without the counter: `-A INPUT -j REJECT --reject-with icmp-host-prohibited`. */
  readonly rule: string;
  /** How many packets the rule has counted; undefined for a rule of nf_tables without `counter`, and for a policy there. */
  readonly packets: number | undefined;
  /** For a rule of nftables that looks packets up in a named verdict map, the map's contents as listed. */
  readonly elements?: string | undefined;
  /** For a rule of iptables-nft, the words that nft has for it, as in a trace. */
  readonly listedAs?: string | undefined;
}
