/** What each tool is asked to do. */
export interface Work {
  /** For tools that are told how many connections to make. */
  readonly connections: number;
  /** For tools that make connections and are told how long. */
  readonly seconds: number;
  /** For floods. */
  readonly floodSeconds: number;
  /** Connections at a time. */
  readonly concurrency: number;
  /** A folder for what is built and installed. */
  readonly scratch: string;
}
