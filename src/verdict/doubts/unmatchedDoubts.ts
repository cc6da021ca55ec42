const most = 5;

/** Reasons not to judge because rules name something, such as an interface, that the lab does not have. */
export function unmatchedDoubts(unmatched: readonly string[] = []): string[] {
  const [first] = unmatched;
  if (first === undefined) return [];
  const more = unmatched.length - most;
  return [
    ...unmatched
      .slice(0, most)
      .map((one) => `Rules may do otherwise on a site that has what they name; ${one}.`),
    ...(more > 0 ? [`Rules name ${more} more such things; \`lvs-lab validate\` lists them.`] : []),
    'Say what an interface is in the lab (`interfaces: { bond0: eth0 }` of the node), write `${VIP}`, `${LAN}` and the like for addresses, or take the verdict as it is with `unmatched: accept`.',
  ];
}
