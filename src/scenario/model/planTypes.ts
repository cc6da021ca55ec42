import type { DriveOrder } from '../../contracts/agents/driveOrder.js';
import type { PlannedProfile } from '../../contracts/agents/flowProfile.js';
import type { Load } from '../../contracts/agents/load.js';
import type { Family, Forwarding } from '../../contracts/words/network.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Expectation } from './expectation.js';
import type { Moment, Scenario } from './types.js';

/** What to run in a container: an argv and why. */
export interface PlannedCommand {
  readonly purpose: string;
  readonly argv: readonly string[];
}

/** A node's end of one of the lab's networks. */
export interface NodeInterface {
  /** `front` (the client's side of a router) or `lan`. */
  readonly network: 'front' | 'lan';
  /** IPv4, as the engine assigns it. */
  readonly address: string;
}

/** What a container must be given when it is created; the same for all scenarios of one shape. */
export interface NodeShape {
  /** Name inside the scenario: client, router, director, director2, realserver1 ... */
  readonly name: string;
  readonly role: Role;
  /** Name on the engine, unique per run. */
  readonly container: string;
  /** In the order of eth0, eth1. Only the router has two: front, lan. */
  readonly interfaces: readonly NodeInterface[];
  /** Linux capabilities without `CAP_`, added back after all have been dropped. */
  readonly capabilities: readonly string[];
  /** Environment of the container's main process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Networks and containers that scenarios of the same shape can use one after the other. Frozen. */
export interface LabShape {
  /** Equal for two scenarios that can share a lab: everything below but names and addresses follows from it. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networks: readonly {
    readonly network: 'front' | 'lan';
    readonly name: string;
    readonly subnet: string;
    readonly gateway: string;
  }[];
  readonly nodes: readonly NodeShape[];
}

export interface NodePlan extends NodeShape {
  /** On the lan network, or the client's front one, in the scenario's family. */
  readonly address: string;
  /** Run in order, in one exec, before any packet: addresses, routes, sysctls that the role needs, services. */
  readonly setup: readonly PlannedCommand[];
  /** Run between control and rules; undefined: the scenario wants a warm start. */
  readonly cooling: ColdCommands | undefined;
  /** Loads rules and sysctls of the scenario; undefined: it has none for this node. */
  readonly rules: PlannedRules | undefined;
  /** Sampler, one for all phases; from `go` to `pause` on its input it writes sample blocks to stdout. */
  readonly sampler: PlannedCommand;
  /** tcpdump writing a pcap to stdout, one for all phases; undefined: no capture on this node. */
  readonly capture: PlannedCommand | undefined;
  /** Says what the node's rules do with each packet, until a line comes on its input. */
  readonly trace: PlannedCommand;
  /** Zeroes what `collect` reads, before each phase. */
  readonly zero: readonly PlannedCommand[];
  /** Prints the final counters as sections. */
  readonly collect: PlannedCommand;
}

/** How a node is made to forget what it learned. */
export interface ColdCommands {
  /** Each is done by all nodes before one begins with the next, for what one sends teaches another; the commands in order, in one exec. */
  readonly steps: readonly (readonly PlannedCommand[])[];
  /** Prints what the node still knows, a line each; nothing when it is cold. */
  readonly look: PlannedCommand;
}

export interface PlannedRules {
  /** The texts as they are loaded, for error messages that quote a line: ipset, rules, rules6, nftables, commands. */
  readonly texts: Readonly<Record<string, string>>;
  /** One script that stops at the first thing refused. */
  readonly load: PlannedCommand;
}

export interface PlannedEvent {
  readonly at: Moment;
  readonly what: string;
  /** Run in this order, each to its end. `rules` is set where the command loads some. */
  readonly steps: readonly {
    readonly node: string;
    readonly command: PlannedCommand;
    readonly rules?: PlannedRules;
  }[];
}

/** Every name, address and command of one scenario's run. Frozen, made without touching anything. */
export interface Plan {
  readonly runId: string;
  readonly scenario: string;
  readonly shape: LabShape;
  /** Equal for two plans on one lab whose control runs would be the same: topology and load. */
  readonly controlKey: string;
  readonly family: Family;
  readonly forwarding: Forwarding;
  readonly vip: string;
  readonly ports: readonly number[];
  /** Addresses at which the service's packets may be seen: the VIP, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  /** Names of the nodes that serve: the realservers, and the director where it serves too. */
  readonly serving: readonly string[];
  readonly nodes: readonly NodePlan[];
  /** Proves that a packet goes client -> director -> realserver -> client, once per realserver and service. Run on the client. */
  readonly ready: readonly PlannedCommand[];
  /** What each connection is to do, for the judge to see whether it did. */
  readonly load: Load;
  /** What the load agent on the client is told. It prints `@@ connected` on stderr when every connection is open or has failed. */
  readonly drive: DriveOrder;
  /** The raw load agent's argv on the client, and what it is told in each phase, beside what only the engine can say; undefined: there is no raw load. */
  readonly flows:
    | {
        readonly command: PlannedCommand;
        /** The interfaces by which their packets leave a node on their way to the director. */
        readonly way: readonly { readonly node: string; readonly device: string }[];
        readonly profiles: { readonly control: PlannedProfile; readonly measured: PlannedProfile };
      }
    | undefined;
  /** A few connections more, to be traced when no counter tells which rule blocked the measured ones. */
  readonly trace: { readonly connections: number; readonly seconds: number; readonly drive: DriveOrder };
  readonly events: readonly PlannedEvent[];
  readonly expect: Expectation;
  /** What rules name and the lab does not have, and a verdict may depend on: one sentence each, with its place in the scenario's file. */
  readonly unmatched: readonly string[];
  readonly deadlines: Scenario['deadlines'];
}
