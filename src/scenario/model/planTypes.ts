import type { DriveOrder, Target } from '../../contracts/agents/driveOrder.js';
import type { PlannedProfile } from '../../contracts/agents/flowProfile.js';
import type { Load } from '../../contracts/agents/load.js';
import type { Family, Forwarding, LabNetwork } from '../../contracts/words/network.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Expectation } from './expectation.js';
import type { Moment, Scenario } from './scenario.js';

/** A command to run in a container, as an argv, and why. */
export interface PlannedCommand {
  readonly purpose: string;
  readonly argv: readonly string[];
}

/** A command that runs in a node as long as the lab is there. */
export interface StandingCommand {
  readonly argv: readonly string[];
  /** What it writes on standard error when it has started. */
  readonly ready: string;
}

/** A node's interface on one of the lab's networks. */
export interface NodeInterface {
  /** The network: `front` (the client's side of a router) or `lan`. */
  readonly network: LabNetwork;
  /** The IPv4 address, which the engine assigns. */
  readonly address: string;
}

/** What a container gets when it is created; the same for all scenarios of one shape. */
export interface NodeShape {
  /** The name inside the scenario: client, router, director, director2, realserver1 and so on. */
  readonly name: string;
  readonly role: Role;
  /** The name on the engine, unique per run. */
  readonly container: string;
  /**
   * The node in whose network namespace it is: then it is no host of its own, but the program there that connects to the service. Left out: it
   * has a namespace of its own.
   */
  readonly within?: string;
  /** The interfaces in the order of eth0, eth1. Only the router has two: front and lan. */
  readonly interfaces: readonly NodeInterface[];
  /** What the interfaces are called, in the same order; left out: as the engine calls them. */
  readonly devices?: readonly string[];
  /** Linux capabilities, without `CAP_`, that are added after all have been dropped. */
  readonly capabilities: readonly string[];
  /** Environment of the container's main process. */
  readonly environment: Readonly<Record<string, string>>;
  /** What may be started with the lab, because every scenario wants it. */
  readonly standing: readonly StandingCommand[];
}

/** Networks and containers that all scenarios of one shape can use, one after the other. Frozen. */
export interface LabShape {
  /** The same for scenarios that can share a lab. Everything below but names and addresses depends on it alone. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networks: readonly {
    readonly network: LabNetwork;
    readonly name: string;
    readonly subnet: string;
    readonly gateway: string;
  }[];
  readonly nodes: readonly NodeShape[];
}

/** A command that captures packets, and the pcap in the node that it writes them into. */
export interface PlannedCapture extends PlannedCommand {
  readonly file: string;
}

export interface NodePlan extends NodeShape {
  /** The address on the lan network, or for the client on its front network, in the scenario's family. */
  readonly address: string;
  /** Commands that run in this order in one exec, before any packet: addresses, routes, sysctls that the role needs, services. */
  readonly setup: readonly PlannedCommand[];
  /** Loads the scenario's rules and sysctls; undefined: it has none for this node. */
  readonly rules: PlannedRules | undefined;
  /** The sampler of all phases; from `go` to `pause` on its input it writes sample blocks to stdout. */
  readonly sampler: PlannedCommand;
  /** The tcpdump of all phases; undefined: this node has no capture. */
  readonly capture: PlannedCapture | undefined;
  /** Prints what the node's rules do with each packet, until a line arrives on its input. */
  readonly trace: PlannedCommand;
  /** What `lab/node/explain.sh` is told, when packets are followed through the node's rules; undefined: it has none, and is no director. */
  readonly explain: readonly string[] | undefined;
  /** Resets the counters that `collect` reads; runs before each phase. */
  readonly zero: readonly PlannedCommand[];
  /** Prints the final counters as sections. */
  readonly collect: PlannedCommand;
}

export interface PlannedRules {
  /** The texts as they are loaded: ipset, rules, rules6, nftables, commands. Error messages quote lines from them. */
  readonly texts: Readonly<Record<string, string>>;
  /** The command that loads the texts, and stops at the first that is refused. */
  readonly load: PlannedCommand;
}

export interface PlannedEvent {
  readonly at: Moment;
  readonly what: string;
  /** Commands that run in this order, each to its end. `rules` is set when the command loads rules. */
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
  /** Whether the measured run begins in a lab of its own, or in the control run's. */
  readonly start: Scenario['start'];
  /** The same for plans on one lab whose control runs would be the same: with equal topology and load. */
  readonly controlKey: string;
  readonly family: Family;
  readonly forwarding: Forwarding;
  readonly vip: string;
  /** The ports that clients connect to. */
  readonly ports: readonly number[];
  /** Where connections go, in turn; left out: the ports of the VIP. */
  readonly targets?: readonly Target[];
  /** Addresses under which the services' packets may be seen: the VIPs, and behind NAT the realservers' own. */
  readonly servers: readonly string[];
  /** The names of the nodes that serve: the realservers, and the director when it serves too. */
  readonly serving: readonly string[];
  readonly nodes: readonly NodePlan[];
  /** Commands for the client that prove that a packet gets from client to director to realserver and back, for each realserver and service. */
  readonly ready: readonly PlannedCommand[];
  /** What each connection has to do, by which the judge checks whether it did. */
  readonly load: Load;
  /** The order for the load agent, which prints `@@ connected` on stderr when every connection is open or has failed. */
  readonly drive: DriveOrder;
  /** The one for the control run, whose connections are the client's where those of the others are not; left out: it is the same. */
  readonly controlDrive?: DriveOrder;
  /** The raw load agent's argv on the client and its orders for each phase, without what only the engine knows; undefined: there is no raw load. */
  readonly flows:
    | {
        readonly command: PlannedCommand;
        /** The nodes' interfaces through which packets of flows leave on their way to the director. */
        readonly way: readonly { readonly node: string; readonly device: string }[];
        readonly profiles: { readonly control: PlannedProfile; readonly measured: PlannedProfile };
      }
    | undefined;
  /** A few more connections to trace when no counter shows which rule blocked the measured ones. */
  readonly trace: { readonly connections: number; readonly seconds: number; readonly drive: DriveOrder };
  readonly events: readonly PlannedEvent[];
  readonly expect: Expectation;
  /** Names in rules that the lab does not have and that a verdict may depend on: one sentence each, with the place in the scenario's file. */
  readonly unmatched: readonly string[];
  readonly deadlines: Scenario['deadlines'];
}
