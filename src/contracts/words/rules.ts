/**
 * The texts of a packet filter by their keys, in the order in which they are loaded: input of `ipset restore`; iptables-save text, which
 * iptables-restore applies in one step; the same of ip6tables; input of `nft -f`.
 */
export const ruleTextKeys = ['ipset', 'rules', 'rules6', 'nftables'] as const;
export type RuleTextKey = (typeof ruleTextKeys)[number];

/** All keys of a packet filter, in the order of loading: command lines come last. */
export const ruleKeys = [...ruleTextKeys, 'commands'] as const;
export type RuleKey = (typeof ruleKeys)[number];

/** Hooks of the kernel that call chains, as iptables names them; ingress and egress of a device are not among them. */
export const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export type Hook = (typeof hooks)[number];

/** Tables of iptables. */
export const iptablesTables: readonly string[] = ['filter', 'nat', 'mangle', 'raw', 'security'];

/** Targets of iptables that let no packet through. */
export const refusingTargets = ['DROP', 'REJECT', 'TARPIT', 'DELUDE', 'CHAOS'] as const;

/** Targets of iptables that hand a packet to somebody else than it was for. */
export const divertingTargets = ['DNAT', 'REDIRECT', 'TPROXY', 'QUEUE', 'NFQUEUE'] as const;

/**
 * Options of iptables whose value is free text: a comment, a log prefix, a string to search packets for. The text may look like an option or a
 * target.
 */
export const proseOptions = [
  '--comment',
  '--log-prefix',
  '--nflog-prefix',
  '--ulog-prefix',
  '--string',
  '--hex-string',
] as const;
