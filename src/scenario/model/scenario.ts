import type { Flows } from '../../contracts/agents/flowProfile.js';
import type { Load } from '../../contracts/agents/load.js';
import type { moments, nodeActions } from '../../contracts/words/events.js';
import type { Family, Forwarding, Layout, ReplyWay } from '../../contracts/words/network.js';
import type { IptablesFlavour, Role } from '../../contracts/words/nodes.js';
import type { Start } from '../../contracts/words/phases.js';
import type { RuleTextKey } from '../../contracts/words/rules.js';
import type { DeadlineKey } from './deadlineKeys.js';
import type { Expectation } from './expectation.js';
import type { TextPlace } from './place.js';
import type { UnmatchedName } from './unmatchedName.js';

/** The texts and commands that make up a packet filter; they are loaded in this order. All undefined or empty: no rules. */
export interface RuleSet extends Readonly<Record<RuleTextKey, string | undefined>> {
  /** Command lines, run in order by one shell, in which `iptables` and `ip6tables` have the role's flavour. */
  readonly commands: readonly string[];
}

export interface RoleSettings extends RuleSet {
  readonly iptables: IptablesFlavour;
  /** Sysctls of the network namespace, set together with the rules: after the control, before the measured run. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** A public report or source. */
export interface Source {
  readonly url: string;
  /** What it is called there, with its number; undefined: the file has the URL alone. */
  readonly title?: string;
}

/** A realserver of a virtual service, or the director itself as one. */
export interface Destination {
  /** The node's name. */
  readonly node: string;
  /** Undefined: 1, as ipvsadm has it. */
  readonly weight?: number | undefined;
  /** Undefined: as the topology forwards. */
  readonly forwarding?: Forwarding | undefined;
  /** The port that packets come to it by; undefined: the service's `realserverPort`. */
  readonly port?: number | undefined;
}

/** A virtual service of the director. What is undefined is as ipvsadm has it by itself. */
export interface VirtualService {
  /** The port that clients connect to; of a range the first. */
  readonly port: number;
  readonly scheduler: string;
  /** How long IPVS keeps sending a client to one realserver, in seconds; undefined: no persistence. */
  readonly persistent?: number | undefined;
  /**
   * The firewall mark that packets get in mangle PREROUTING, and by which they are balanced in place of the address; services with the same
   * mark are one service. Undefined: no mark.
   */
  readonly fwmark?: number | undefined;
  /** The last port of a range, which only a mark can have. */
  readonly lastPort?: number | undefined;
  /** The number of its VIP; undefined: the first. */
  readonly vip?: number | undefined;
  /** The port that realservers serve it on; undefined: its own. */
  readonly realserverPort?: number | undefined;
  /** Undefined: TCP. */
  readonly protocol?: 'udp' | undefined;
  /** Whether each datagram is scheduled by itself (`ipvsadm -o`). */
  readonly onePacket?: true | undefined;
  /** Flags of the scheduler, as `ipvsadm -b` takes them. */
  readonly schedulerFlags?: readonly string[] | undefined;
  /** What counts as one client to persistence: a mask in IPv4, the length of a prefix in IPv6. */
  readonly persistenceNetmask?: string | undefined;
  readonly persistenceEngine?: string | undefined;
  /** Undefined: all nodes that serve. */
  readonly realservers?: readonly Destination[] | undefined;
}

/** How long IPVS keeps entries, in seconds; undefined: as long as the kernel does. */
export interface IpvsTimeouts {
  readonly tcp?: number | undefined;
  readonly tcpFin?: number | undefined;
  readonly udp?: number | undefined;
}

/** What happens to packets that a node sends into a link (tc netem on its interface). */
export interface LinkConditions {
  /** Delay in seconds. */
  readonly delay: number;
  /** Share of packets that are lost, in percent. */
  readonly loss: number;
}

/** Names of the director's interfaces; both may be one. */
export interface Sides {
  readonly clients: string;
  readonly realservers: string;
}

export interface Topology {
  readonly forwarding: Forwarding;
  readonly family: Family;
  /** The layout of the networks; with NAT it is always `routed`. */
  readonly network: Layout;
  /** How many directors there are. The second, `director2`, is configured alike, but has no VIP on its interface until an event moves it there. */
  readonly directors: 1 | 2;
  /** Whether the directors synchronise their connections (ipvsadm --start-daemon). */
  readonly sync: boolean;
  readonly realservers: number;
  /** Whether the director also serves, as one more realserver (IPVS local node). */
  readonly localRealserver: boolean;
  /** The way of replies under DR and TUN: `direct`, or through the director, which is then the realservers' default route (this needs `routed`). */
  readonly replies: ReplyWay;
  readonly services: readonly VirtualService[];
  /** Names of interfaces in their order, by the name of a role or a node; left out: all are called as the engine calls them. */
  readonly devices?: Readonly<Record<string, readonly string[]>>;
  /** The conditions of links by node name; other nodes have perfect links. */
  readonly links: Readonly<Record<string, LinkConditions>>;
  /** The servers' network as IPv4 CIDR; undefined: chosen anew for each run. */
  readonly subnet?: string | undefined;
  /**
   * Fixed addresses by node name (client, director, realserver1 and so on), of the subnet where one is fixed, else any: nodes have them beside
   * those of the network. All others are chosen from the subnet.
   */
  readonly addresses: Readonly<Record<string, string>>;
  readonly vip?: string | undefined;
  /** The director's interfaces by names of the site's: that by which clients come in, and that behind which the realservers are. Undefined: eth0 is both. */
  readonly sides?: Sides | undefined;
  /** How many VIPs there are; undefined: 1. */
  readonly vips?: number | undefined;
  readonly ipvsTimeouts?: IpvsTimeouts | undefined;
}

/** When an event of the measured run happens. A number: so many seconds after `connected`. */
export type Moment = (typeof moments)[number] | number;

/** Something that happens to one node in the middle of the measured run. */
export interface ScenarioEvent {
  readonly at: Moment;
  /** The node's name. */
  readonly node: string;
  readonly action:
    | { readonly kind: 'rules'; readonly rules: RuleSet; readonly iptables: IptablesFlavour }
    | { readonly kind: 'sysctls'; readonly sysctls: Readonly<Record<string, string>> }
    /** A shell command line. */
    | { readonly kind: 'run'; readonly command: string }
    | { readonly kind: (typeof nodeActions)[number] };
}

/**
 * A scenario file after validation, defaults filled in. It is declared by itself, and not by the schema of the file, as the two differ: a file
 * has sections for roles, keys with dashes, and rules beside settings, which `toScenario` turns into this; and what makes plans of a scenario
 * does not know of files. `load`, `flows` and `expect` are the same in both, and come from the schemas that plan.json and the agents share.
 */
export interface Scenario {
  /** `<topic>/<behaviour>`: the file's path below its library. */
  readonly id: string;
  readonly title: string;
  /** What the scenario is about; undefined: the file does not tell, which only those of the library must. */
  readonly story: string | undefined;
  readonly why: string | undefined;
  readonly tags: readonly string[];
  /** Kernel releases on which its expected outcome was seen. */
  readonly measuredOn: readonly string[];
  /** Public reports and sources. */
  readonly links: readonly Source[];
  readonly topology: Topology;
  readonly roles: Readonly<Record<Role, RoleSettings>>;
  /** The settings of nodes for which the file has some of their own, with those of their role filled in; by node name. */
  readonly nodes: Readonly<Record<string, RoleSettings>>;
  /** The state of the nodes at the start of the measured run: as after a restart, or with all that they learned in the control run. */
  readonly start: Start;
  /** The load of kernel sockets; beside `flows` they are its witnesses. */
  readonly load: Load;
  /** The raw-socket load; undefined: none. */
  readonly flows: Flows | undefined;
  readonly events: readonly ScenarioEvent[];
  readonly expect: Expectation;
  readonly deadlines: Readonly<Record<DeadlineKey, number>>;
  /** Where the scenario's rules, commands and sysctls are in its file, by paths such as `director.rules`, `nodes.realserver1.rules` and `events.0.commands.1`. */
  readonly places: Readonly<Record<string, TextPlace>>;
  /** Names in rules and sysctls that the lab does not have; when the file accepts them, none of them counts. */
  readonly unmatched: readonly UnmatchedName[];
  /** The same scenario with something broken or mended on purpose, so that its verdict must be `fail`; undefined: the file has none. */
  readonly mutation: Mutation | undefined;
  /** The absolute path of the scenario's file. */
  readonly file: string;
  /** SHA-256 of the file's bytes in hexadecimal. If it names rule files, their texts are included, but not their names. */
  readonly hash: string;
  /** The files that a run keeps: the scenario's own, as it was read, and the rule files that it names. */
  readonly record: readonly RecordedFile[];
}

/** A file that a run keeps in a scenario's folder. */
export interface RecordedFile {
  /** The file's path below that folder. */
  readonly name: string;
  readonly text: string;
}

export interface Mutation {
  /** What is changed, in a few words. */
  readonly what: string;
  /** The scenario with the change made; everything else, including `expect`, is the same. */
  readonly scenario: Omit<Scenario, 'mutation'>;
}
