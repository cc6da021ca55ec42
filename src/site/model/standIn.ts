/** A value that is read in place of a name that stands for an address or a number which no file has. */
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
