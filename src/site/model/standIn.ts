/** What is read in the place of a name that stands for an address, or for a number, in none of the files. */
export interface StandIn {
  /** As the files have it: `www.example.com`, `x.x.x.10`, `staff`. */
  readonly name: string;
  /** An address, a network or a number. */
  readonly value: string;
}

/** A stand-in that was made use of. */
export interface UsedStandIn extends StandIn {
  readonly count: number;
  /** Where it stands first. */
  readonly at: { readonly file: string; readonly line: number };
}
