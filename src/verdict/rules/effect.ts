/** What a rule does with the packets that it matches, as far as somebody who misses them cares. */
export interface RuleEffect {
  /** They end here. */
  readonly turnsAway: boolean;
  /** They go elsewhere than they would have gone: to another address, a socket, a program. IPVS never sees them. */
  readonly takes: boolean;
  /** What it turns away is answered with an ICMP error. */
  readonly answersWithIcmp: boolean;
  /**
   * The elements of its verdict map that turn packets away, as listed, where nothing else in the rule does: its own counter, if it has one,
   * counts what the map accepts as well. Undefined: it is the rule that decides.
   */
  readonly elements: readonly string[] | undefined;
}
