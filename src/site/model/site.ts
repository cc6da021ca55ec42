import type { Family, Forwarding, IpvsProtocol } from '../../contracts/words/network.js';
import type { SiteProblem } from './siteProblem.js';
import type { FileKind, FileLine, PlacedFile } from './sourceFile.js';
import type { UsedStandIn } from './standIn.js';

/** A realserver of a service. */
export interface SiteServer {
  readonly address: string;
  /** With DR and TUN it is the service's; 0: as the packets have it. */
  readonly port: number;
  readonly forwarding: Forwarding;
  /** How its tunnel has the packets in it, where that is not IP in IP: `gue`, `gre`; undefined: it is, or there is no tunnel. */
  readonly encapsulation?: string | undefined;
  readonly weight: number;
  readonly at: Omit<FileLine, 'text'>;
}

/** A virtual service of the director. */
export interface SiteService {
  readonly protocol: IpvsProtocol;
  readonly family: Family;
  /** The address and port by which it is found; `port` 0: any. Undefined: it is found by its mark. */
  readonly address: { readonly vip: string; readonly port: number } | undefined;
  readonly fwmark: number | undefined;
  /** Whether each datagram is scheduled by itself, and IPVS keeps no entry of it; of TCP it does. */
  readonly onePacket: boolean;
  /** What its file says of which realserver a client gets, in the file's own words; empty: they are taken in turn. */
  readonly choosing: readonly string[];
  readonly servers: readonly SiteServer[];
  /** The network namespace that it is in, and the line that says so; undefined: the one that the rules are from. */
  readonly namespace?: { readonly name: string; readonly at: FileLine } | undefined;
  readonly at: Omit<FileLine, 'text'>;
}

/** An interface of the director, as `ip address` lists it. */
export interface SiteInterface {
  readonly name: string;
  /** With the length of the network: `192.0.2.1/24`. */
  readonly addresses: readonly string[];
}

/** A route of the director. */
export interface SiteRoute {
  /** A network, or `default`. */
  readonly to: string;
  readonly device: string;
  readonly family: Family;
}

/** A text with rules of the packet filter. */
export interface SiteRuleFile extends PlacedFile {
  readonly kind: Extract<FileKind, 'iptables-save' | 'ip6tables-save' | 'nft' | 'ipset'>;
  /** Whether it is no file of the site's: another file says that a program loads these rules. */
  readonly isImplied?: true;
}

/** All that a site's files say about its director. What none of them says is undefined. */
export interface Site {
  readonly files: readonly { readonly name: string; readonly kind: FileKind }[];
  readonly rules: readonly SiteRuleFile[];
  readonly services: readonly SiteService[];
  readonly interfaces: readonly SiteInterface[] | undefined;
  readonly routes: readonly SiteRoute[] | undefined;
  readonly sysctls: ReadonlyMap<string, string> | undefined;
  readonly problems: readonly SiteProblem[];
  /** What was read in the place of names. */
  readonly standIns: readonly UsedStandIn[];
}
