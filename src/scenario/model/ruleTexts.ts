/** Keys of the texts that a packet filter is made of, in the order in which they are loaded. */
export const ruleTextKeys = ['ipset', 'rules', 'rules6', 'nftables'] as const;
