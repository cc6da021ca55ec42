/** Where a tool runs, and what it is to reach: see "Somewhere else" in README.md. */
export interface ClientPlace {
  /** The command line that runs `argv` in the client, with its standard input, output and error. */
  readonly enter: (argv: readonly string[]) => readonly string[];
  /** Brings a file or folder of this machine to the client, and resolves with its path there. */
  readonly put: (file: string) => Promise<string>;
  /** How a command line begins that runs a program of this machine in the client. */
  readonly program: (name: string) => Promise<readonly string[]>;
  readonly target: ToolTarget;
}

/** What tools are told of the client and of what they are to reach. */
export interface ToolTarget {
  readonly vip: string;
  /** It serves /close/text, as lab/node/server does. */
  readonly port: number;
  /** The client's interface. */
  readonly device: string;
  /** The client's own address on that interface. */
  readonly address: string;
  readonly nextHop: string;
  readonly nextHopMac: string;
  /** The first of the addresses that nobody has. */
  readonly firstSource: string;
  /** How many of those there are, one after the other. */
  readonly sources: number;
  /** Where packets are dropped without a word, and to which MAC address they are sent. */
  readonly silent: { readonly address: string; readonly mac: string };
  /** CIDRs of the client's and the service's network. */
  readonly networks: readonly string[];
}

/** A place for one run, and what ends it. */
export interface FreshPlace {
  readonly place: ClientPlace;
  readonly remove: () => Promise<void>;
}

/** Where places are made. */
export interface ClientPlaces {
  /** Makes a place in which a run meets nothing of those before it. */
  readonly fresh: () => Promise<FreshPlace>;
  /** What there is to know of it beside this machine. */
  readonly facts: () => Promise<Readonly<Record<string, string>>>;
  /** Ends what the places share. */
  readonly remove: () => Promise<void>;
}
