import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { families } from '../words/network.js';
import { conversationSchema } from './conversation.js';
import { datagramRequestsSchema } from './load.js';

/** How often one segment may be retransmitted, with Linux's timers (SYN 1 s, else 200 ms and up, doubled each time); 0: never. */
const retriesSchema = z.object({ open: z.number(), data: z.number(), close: z.number() });

/** Segments that are sent again when nobody answers: a SYN, data, a FIN. */
export const retriedSegments = ['open', 'data', 'close'] as const;

const flowsSchema = z.object({
  /** How many flows are opened in all. */
  count: z.number(),
  /** How many flows are opened per second. */
  rate: z.number(),
  /** Seconds in which the rate grows from 0 to its full value; 0: the full rate from the start. */
  ramp: z.number(),
  /** How many flows may be between their SYN and their closing segment at a time. */
  concurrency: z.number(),
  /** How many client addresses the flows come from. */
  sources: z.number(),
  /** Decides sequence numbers and the conversation of each flow. */
  seed: z.number(),
  retries: retriesSchema,
  /** What each flow does of clients of UDP; left out: flows are of TCP. */
  datagrams: z.optional(datagramRequestsSchema),
  /** What flows of TCP do, by weight; none of UDP. */
  mix: z.array(z.object({ weight: z.number(), conversation: conversationSchema })),
});

/** The order to the raw load agent: one JSON document, the first line of its standard input. The agent checks the limits itself. */
export const flowProfileSchema = z.object({
  flows: flowsSchema,
  family: z.enum(families),
  vip: z.string(),
  ports: z.array(z.number()),
  /** The client's interface on which the VIP is reached. */
  device: z.string(),
  /** The client's own address on that interface, from which the agent asks for the next hop's MAC address. */
  address: z.string(),
  /** The IP address whose MAC address frames are sent to: the VIP, or a router. */
  nextHop: z.string(),
  /** Source addresses, as many as `flows.sources` says. No node has them; the agent answers ARP or neighbour solicitations for them. */
  sources: z.array(z.string()),
  /** The number of the first flow. Flow i has source i % sources and port 1024 + floor(i / sources). */
  firstFlow: z.number(),
  /** The most bytes of TCP payload in a segment. */
  mss: z.number(),
  /** Seconds after which the agent ends in any case. */
  deadline: z.number(),
  /** CIDRs of the lab's networks, as the engine reports them. The agent refuses a VIP, next hop or source outside them, and to run anywhere else. */
  networks: z.array(z.string()),
  /** The engine's own addresses in those networks, which lead nowhere: engines before Docker 26 give nodes a default route through them. */
  gateways: z.array(z.string()),
  /** The device's MAC address as the engine reports it, lower case with colons. It proves that the agent runs in the client's namespace. */
  mac: z.string(),
});

export type Retries = Immutable<z.infer<typeof retriesSchema>>;

/** How often segments are retransmitted when a scenario does not say. */
export const usualRetries: Retries = { open: 5, data: 8, close: 8 };

/** The raw-socket load of a scenario, beside which the kernel sockets of `load` are its witnesses. */
export type Flows = Immutable<z.infer<typeof flowsSchema>>;

export type FlowProfile = Immutable<z.infer<typeof flowProfileSchema>>;

/** The part of a profile that is known before there is a lab. */
export type PlannedProfile = Omit<FlowProfile, 'networks' | 'gateways' | 'mac'>;
