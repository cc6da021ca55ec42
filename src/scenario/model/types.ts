import type { Flows } from '../../contracts/agents/flowProfile.js';
import type { Load } from '../../contracts/agents/load.js';
import type { Family, Forwarding, Layout } from '../../contracts/words/network.js';
import type { IptablesFlavour, Role } from '../../contracts/words/nodes.js';
import type { Start } from '../../contracts/words/phases.js';
import type { Expectation } from './expectation.js';
import type { TextPlace } from './place.js';
import type { Unmatched } from './unmatchedName.js';

/** What a packet filter is made of; loaded in this order. All undefined or empty: no rules. */
export interface RuleSet {
  /** Input of `ipset restore`. */
  readonly ipset: string | undefined;
  /** iptables-save text, applied atomically by iptables-restore. */
  readonly rules: string | undefined;
  /** ip6tables-save text. */
  readonly rules6: string | undefined;
  /** Input of `nft -f`. */
  readonly nftables: string | undefined;
  /** Command lines, run in order by one shell in which `iptables` and `ip6tables` are those of the role's flavour. */
  readonly commands: readonly string[];
}

export interface RoleSettings extends RuleSet {
  readonly iptables: IptablesFlavour;
  /** Sysctls of the network namespace, set with the rules: after the control, before the measured run. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** A virtual service of the director. */
export interface VirtualService {
  readonly port: number;
  readonly scheduler: string;
  /** Persistence in seconds; undefined: none. */
  readonly persistent: number | undefined;
  /** Marked in mangle PREROUTING and balanced by this mark instead of by address; services with one mark are one service. */
  readonly fwmark: number | undefined;
}

/** How a link treats what a node sends into it (tc netem on its interface). */
export interface LinkConditions {
  /** Seconds. */
  readonly delay: number;
  /** Percent of packets. */
  readonly loss: number;
}

export interface Topology {
  readonly forwarding: Forwarding;
  readonly family: Family;
  /** NAT is always `routed`. */
  readonly network: Layout;
  /** Two: the second, `director2`, is configured alike but has no VIP on its interface until an event moves it there. */
  readonly directors: 1 | 2;
  /** Whether the directors tell each other about connections (ipvsadm --start-daemon). */
  readonly sync: boolean;
  readonly realservers: number;
  /** Whether the director serves too, as one more realserver of the services (IPVS local node). */
  readonly localRealserver: boolean;
  /** DR and TUN: `direct`, or through the director, which is then the realservers' default route (needs `routed`). */
  readonly replies: 'direct' | 'director';
  readonly services: readonly VirtualService[];
  /** By node name; nodes not named have perfect links. */
  readonly links: Readonly<Record<string, LinkConditions>>;
  /** IPv4 CIDR of the servers' network; undefined: chosen afresh for each run. */
  readonly subnet: string | undefined;
  /** Undefined addresses are chosen from the subnet. Node names: client, director, realserver1, ... */
  readonly addresses: Readonly<Record<string, string>>;
  readonly vip: string | undefined;
}

/**
 * When an event of the measured run happens: `connected`: every connection is open, or has failed. `settled`: sockets have
 * stopped changing. Seconds: that long after `connected`.
 */
export type Moment = 'connected' | 'settled' | number;

/** Something that happens to one node in the middle of the measured run. */
export interface ScenarioEvent {
  readonly at: Moment;
  /** Node name. */
  readonly node: string;
  readonly action:
    | { readonly kind: 'rules'; readonly rules: RuleSet; readonly iptables: IptablesFlavour }
    | { readonly kind: 'sysctls'; readonly sysctls: Readonly<Record<string, string>> }
    /** A shell command line. */
    | { readonly kind: 'run'; readonly command: string }
    /** The node's server program ends, its kernel stays. */
    | { readonly kind: 'stop-server' }
    /** The node takes the VIP over from the director that has it. */
    | { readonly kind: 'take-vip' };
}

/** A scenario file after validation, defaults filled in. */
export interface Scenario {
  /** `<topic>/<behaviour>`, the file's path below its library. */
  readonly id: string;
  readonly title: string;
  /** Undefined: the file does not tell, as only those of the library must. */
  readonly story: string | undefined;
  readonly why: string | undefined;
  readonly tags: readonly string[];
  /** Kernel releases that its expectation was seen on. */
  readonly measuredOn: readonly string[];
  /** Public reports and sources: URLs. */
  readonly links: readonly string[];
  readonly topology: Topology;
  readonly roles: Readonly<Record<Role, RoleSettings>>;
  /** Whether the measured run finds the nodes as after a restart, or with all that the control run taught them. */
  readonly start: Start;
  /** Kernel sockets; beside `flows` they are its witnesses. */
  readonly load: Load;
  /** Raw-socket load; undefined: none. */
  readonly flows: Flows | undefined;
  readonly events: readonly ScenarioEvent[];
  readonly expect: Expectation;
  readonly deadlines: {
    /** Seconds. */
    readonly ready: number;
    readonly drive: number;
    readonly settle: number;
    readonly collect: number;
    /** How long sockets must not change to be taken as settled. */
    readonly quiet: number;
  };
  /** Where its rules, commands and sysctls stand in the file, by paths such as `director.rules` and `events.0.commands.1`. */
  readonly places: Readonly<Record<string, TextPlace>>;
  /** What rules and sysctls name and the lab does not have; none of it counts where the file accepts that. */
  readonly unmatched: readonly Unmatched[];
  /** The same scenario with something broken, or mended, on purpose: its verdict must be `fail`. */
  readonly mutation: Mutation | undefined;
  /** Where it came from: absolute path. */
  readonly file: string;
  /** SHA-256 of the file's bytes, hex; where it names rule files, also over their texts, whatever their names. */
  readonly hash: string;
  /** What a run keeps of it: the file, as it was read, and the rule files that it names. */
  readonly record: readonly RecordedFile[];
}

/** A file that a run keeps in a scenario's folder. */
export interface RecordedFile {
  /** Below that folder. */
  readonly name: string;
  readonly text: string;
}

export interface Mutation {
  /** What is changed, in a few words. */
  readonly what: string;
  /** The scenario with the change made, and everything else, `expect` included, as it is. */
  readonly scenario: Omit<Scenario, 'mutation'>;
}
