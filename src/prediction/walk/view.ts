import type { Family } from '../../contracts/words/network.js';
import type { ConntrackState } from '../model/filter.js';
import type { AtomSet } from './atomSet.js';
import type { AddressAtoms, InterfaceAtoms, ListedAtoms, PortAtoms } from './universe.js';

/** The servers of a service, by the same numbers as in boxes. */
export interface ServerAtoms {
  readonly all: AtomSet;
  /** Each server's address, and its port; 0: as the packets have it. */
  readonly pieces: readonly { readonly address: bigint; readonly port: number }[];
}

/** All that packets may differ in, in the pieces that rules tell apart. */
export interface Universe {
  readonly client: AddressAtoms;
  readonly port: PortAtoms;
  readonly listed: ListedAtoms;
  readonly clientSide: InterfaceAtoms;
  readonly server: ServerAtoms;
  readonly serverSide: InterfaceAtoms;
}

/**
 * Whose an address is at a place: the client's, the realserver's (`server`), the director's (`vip` when it is known, `own` when it is not,
 * `target` when the service has it among its servers), or that of a host on the link (`neighbour`).
 */
export type AddressField = 'client' | 'server' | 'own' | 'target' | 'neighbour' | { readonly vip: bigint };

/** What a port is at a place; undefined: there are no ports. */
export type PortField = 'client' | 'server' | { readonly port: number } | undefined;

/** Packets at one place on their way, as rules there see them. */
export interface View {
  readonly family: Family;
  readonly universe: Universe;
  readonly source: AddressField;
  readonly destination: AddressField;
  readonly sourcePort: PortField;
  readonly destinationPort: PortField;
  /** The interface by which they come in, and go out; undefined: there is none. */
  readonly comesIn: 'clientSide' | 'serverSide' | undefined;
  readonly goesOut: 'clientSide' | 'serverSide' | undefined;
  /** Each kind as it looks there, by its bit. */
  readonly kinds: readonly KindView[];
}

/** A kind of packets at one place. */
export interface KindView {
  readonly protocol: number;
  /** TCP's flags, where they are to be seen. */
  readonly flags: number | undefined;
  /** Whether the packet has ports. */
  readonly hasPorts: boolean;
  /** The states that it may have, with and without being tracked. */
  readonly states: {
    readonly tracked: readonly ConntrackState[];
    readonly untracked: readonly ConntrackState[];
  };
  /** Type and code of ICMP. */
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
}
