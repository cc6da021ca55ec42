/** What rules and commands name and a node of the lab may have or not: of this list are the kinds of selectors, conditions and findings. */
export type NameKind =
  | 'interface'
  /** The group of an interface. */
  | 'devgroup'
  | 'address'
  /** A hardware address. */
  | 'mac'
  | 'mark'
  /** The realm of a route. */
  | 'realm'
  /** The user whose program sends a packet. */
  | 'user'
  /** The group of that user. */
  | 'group'
  | 'cgroup'
  /** A named set. */
  | 'set';
