/** The keys of a packet filter's texts, in the order in which they are loaded. */
export const ruleTextKeys = ['ipset', 'rules', 'rules6', 'nftables'] as const;
export type RuleTextKey = (typeof ruleTextKeys)[number];
