/** The packets that pass now and that were stopped before, or may have been. */
export interface Openings {
  /** What the services' connections need, in words. */
  readonly needed: readonly string[];
  /** Other packets to a service, from clients that it is open to. */
  readonly beside: readonly string[];
  /** Packets to others, or from clients that are kept out else. */
  readonly other: readonly string[];
  /** In how many pieces what is beside, and what is of others, can be told apart. */
  readonly besideCount: number;
  readonly otherCount: number;
  /** Whether something that passed does not any more. */
  readonly isClosing: boolean;
}
