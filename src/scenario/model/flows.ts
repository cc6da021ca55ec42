import type { Family } from '../../contracts/words/network.js';
/**
 * One step of a raw-socket conversation. A step is over when what it asks for has happened; `send` and `close` are over as soon as
 * their first segment is sent, so that what follows may overlap with the acknowledgement.
 */
export type Step =
  | { readonly do: 'open' }
  | {
      readonly do: 'send';
      /** Whether the realserver is asked to close behind its reply, or to keep the connection. */
      readonly then: 'close' | 'keep';
      /** Body bytes of the request; 0: a GET. */
      readonly upload: number;
      /** Body bytes of the reply; 0: a short text. */
      readonly download: number;
      /** Bytes a second of upload or download; 0: as fast as they go. */
      readonly rate: number;
    }
  /** `reply`: all of the last request's reply. `fin`: the server's FIN. `acked`: all that was sent is acknowledged. */
  | { readonly do: 'expect'; readonly what: 'reply' | 'fin' | 'acked' }
  | { readonly do: 'wait'; readonly seconds: number }
  | {
      readonly do: 'close';
      /** `half`: a FIN, and the server may still send. It is on the wire what `fin` is; the conversation goes on. */
      readonly how: 'fin' | 'rst' | 'half';
      /** Whether the server's FIN is acknowledged by a segment of its own, or by the client's FIN. */
      readonly ack: 'apart' | 'riding';
    }
  /** Starts again with a SYN from the same port, as soon as the steps before are over for the client; `open` is implied. */
  | { readonly do: 'reopen' }
  /** Nothing more, until the load is over: the connection is left as it is. */
  | { readonly do: 'hold' };

export interface Conversation {
  /** For reports: a name of the built-in ones, `custom` (numbered where a mix has several), or `load`: what kernel sockets do. */
  readonly name: string;
  /** Begins with `open`. */
  readonly steps: readonly Step[];
}

/** Most retransmissions of one segment, with Linux's timers (SYN 1 s, else 200 ms and up, doubled each time); 0: none. */
export interface Retries {
  readonly open: number;
  readonly data: number;
  readonly close: number;
}

/** The raw-socket load of a scenario, beside which the kernel sockets of `load` are its witnesses. */
export interface Flows {
  /** How many conversations are opened in all. */
  readonly count: number;
  /** Openings a second. */
  readonly rate: number;
  /** Seconds in which the rate grows from nothing; 0: at once. */
  readonly ramp: number;
  /** Most conversations that may be between their SYN and their closing segment at a time. */
  readonly concurrency: number;
  /** Client addresses that they come from. */
  readonly sources: number;
  /** Decides sequence numbers and the order of the mix. */
  readonly seed: number;
  readonly retries: Retries;
  readonly mix: readonly { readonly weight: number; readonly conversation: Conversation }[];
}

/** What the raw load agent is told: one JSON document, its first line of standard input. */
export interface FlowProfile {
  readonly flows: Flows;
  readonly family: Family;
  readonly vip: string;
  readonly ports: readonly number[];
  /** The client's interface on which the VIP is reached. */
  readonly device: string;
  /** The client's own address there: it asks for the next hop's MAC address. */
  readonly address: string;
  /** Whose MAC address frames go to: the VIP, or a router. */
  readonly nextHop: string;
  /** Source addresses, as many as `flows.sources`; nobody else has them, and the agent answers ARP or neighbour solicitations for them. */
  readonly sources: readonly string[];
  /** CIDRs of the lab's networks by what the engine says. The agent refuses a VIP, next hop or source outside of them, and to be elsewhere. */
  readonly networks: readonly string[];
  /** The engine's own ends of those networks, which lead nowhere: engines before Docker 26 give nodes a default route by them. */
  readonly gateways: readonly string[];
  /** The device's MAC address by what the engine says, lower case with colons: which namespace is the client's. */
  readonly mac: string;
  /** The first flow's number: flow i has source i % sources and the port 1024 + floor(i / sources). */
  readonly firstFlow: number;
  /** Most bytes of TCP payload in a segment. */
  readonly mss: number;
  /** Seconds after which the agent ends by itself, whatever happens. */
  readonly deadline: number;
}

/** The part of it that is known before there is a lab. */
export type PlannedProfile = Omit<FlowProfile, 'networks' | 'gateways' | 'mac'>;
