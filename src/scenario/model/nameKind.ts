/** Kinds of things that rules and commands name, and that a node of the lab may have or not. Selectors, conditions and findings have these kinds. */
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
