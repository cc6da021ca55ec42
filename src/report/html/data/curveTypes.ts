/** What was counted at one moment, by name: of a name that is not there, nothing was. */
export interface Moment {
  /** Seconds since the load began. */
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What was counted over time, for one plot and the table behind it. */
export interface Curves {
  /** The names of all that was counted, in the order of a legend. */
  readonly names: readonly string[];
  readonly moments: readonly Moment[];
  /** How many moments were recorded: more than there are here, where a plot could not show them. */
  readonly recorded: number;
}

/** Curves of one node. */
export interface NodeCurves extends Curves {
  readonly node: string;
  /** `flows`: of the raw-socket load; `connections`: of the connections of kernel sockets beside it. */
  readonly of: 'connections' | 'flows';
}

/** What a raw-socket load did over time. */
export interface LoadCurves {
  /** Flows opened, closed and given up or refused, a second. */
  readonly rates: Curves;
  /** Flows that wait in vain, and those under way, at each moment. */
  readonly held: Curves;
  /** Seconds that a connect took, by percentile, of the flows of that second. */
  readonly connect: Curves;
}
