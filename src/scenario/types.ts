import type { Expectation } from './expectation.js';

export type Role = 'client' | 'director' | 'realserver';
export type IptablesFlavour = 'nft' | 'legacy';
export type Closer = 'server' | 'client';
export type CloseMethod = 'fin' | 'rst' | 'half-close';

export interface RoleSettings {
  /** iptables-save text, applied atomically by iptables-restore; undefined: no rules are loaded. */
  readonly rules: string | undefined;
  readonly iptables: IptablesFlavour;
  /** Network-namespace sysctls, set when the container is created. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** A scenario file after validation, defaults filled in. */
export interface Scenario {
  /** `<topic>/<behaviour>`, the file's path below its library. */
  readonly id: string;
  readonly title: string;
  readonly story: string;
  readonly why: string;
  readonly tags: readonly string[];
  readonly topology: {
    readonly forwarding: 'dr';
    readonly realservers: number;
    readonly scheduler: string;
    readonly port: number;
    /** IPv4 CIDR; undefined: chosen afresh for each run. */
    readonly subnet: string | undefined;
    /** Undefined addresses are chosen from the subnet. Node names: client, director, realserver1, ... */
    readonly addresses: Readonly<Record<string, string>>;
    readonly vip: string | undefined;
  };
  readonly roles: Readonly<Record<Role, RoleSettings>>;
  readonly load: {
    readonly connections: number;
    readonly close: { readonly first: Closer; readonly how: CloseMethod };
  };
  readonly expect: Expectation;
  readonly deadlines: {
    /** Seconds. */
    readonly ready: number;
    readonly drive: number;
    readonly settle: number;
    readonly collect: number;
  };
  /** Where it came from: absolute path. */
  readonly file: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
}

/** What to run in a container: an argv and why. */
export interface PlannedCommand {
  readonly purpose: string;
  readonly argv: readonly string[];
}

export interface NodePlan {
  /** Name inside the scenario: client, director, realserver1 ... */
  readonly name: string;
  readonly role: Role;
  /** Name on the engine, unique per run. */
  readonly container: string;
  readonly address: string;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Linux capabilities without `CAP_`, added back after all have been dropped. */
  readonly capabilities: readonly string[];
  /** Environment of the container's main process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Run once, in order, in one exec, before any packet: addresses, services. */
  readonly setup: readonly PlannedCommand[];
  /** iptables-save text, where it is copied to in the container, and the command that loads it; undefined: no rules. */
  readonly rules:
    { readonly text: string; readonly file: string; readonly argv: readonly string[] } | undefined;
  /** Long-running sampler; writes sample blocks to stdout until killed. */
  readonly sampler: PlannedCommand;
  /** tcpdump writing a pcap to stdout; undefined: no capture on this node. */
  readonly capture: PlannedCommand | undefined;
  /** Zeroes what `collect` reads, before each phase. */
  readonly reset: PlannedCommand;
  /** Ends sampler and capture. */
  readonly stop: PlannedCommand;
  /** Prints the final counters as sections. */
  readonly collect: PlannedCommand;
}

/** Every name, address and command of one scenario's run. Frozen, made without touching anything. */
export interface Plan {
  readonly runId: string;
  readonly scenario: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: { readonly name: string; readonly subnet: string; readonly gateway: string };
  readonly vip: string;
  readonly port: number;
  readonly nodes: readonly NodePlan[];
  /** Proves that a packet goes client -> director -> realserver -> client, once per realserver. Run on the client. */
  readonly ready: PlannedCommand;
  /** The load agent's argv on the client. */
  readonly drive: PlannedCommand;
  readonly expect: Expectation;
  readonly deadlines: Scenario['deadlines'];
}
