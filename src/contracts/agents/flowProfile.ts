import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { families } from '../words/network.js';
import { conversationSchema } from './conversation.js';

/** Most retransmissions of one segment, with Linux's timers (SYN 1 s, else 200 ms and up, doubled each time); 0: none. */
const retriesSchema = z.object({ open: z.number(), data: z.number(), close: z.number() });

const flowsSchema = z.object({
  /** How many conversations are opened in all. */
  count: z.number(),
  /** Openings a second. */
  rate: z.number(),
  /** Seconds in which the rate grows from nothing; 0: at once. */
  ramp: z.number(),
  /** Most conversations that may be between their SYN and their closing segment at a time. */
  concurrency: z.number(),
  /** Client addresses that they come from. */
  sources: z.number(),
  /** Decides sequence numbers and the order of the mix. */
  seed: z.number(),
  retries: retriesSchema,
  mix: z.array(z.object({ weight: z.number(), conversation: conversationSchema })),
});

/** What the raw load agent is told: one JSON document, its first line of standard input. What is in bounds it decides itself. */
export const flowProfileSchema = z.object({
  flows: flowsSchema,
  family: z.enum(families),
  vip: z.string(),
  ports: z.array(z.number()),
  /** The client's interface on which the VIP is reached. */
  device: z.string(),
  /** The client's own address there: it asks for the next hop's MAC address. */
  address: z.string(),
  /** Whose MAC address frames go to: the VIP, or a router. */
  nextHop: z.string(),
  /** Source addresses, as many as `flows.sources`; nobody else has them, and the agent answers ARP or neighbour solicitations for them. */
  sources: z.array(z.string()),
  /** The first flow's number: flow i has source i % sources and the port 1024 + floor(i / sources). */
  firstFlow: z.number(),
  /** Most bytes of TCP payload in a segment. */
  mss: z.number(),
  /** Seconds after which the agent ends by itself, whatever happens. */
  deadline: z.number(),
  /** CIDRs of the lab's networks by what the engine says. The agent refuses a VIP, next hop or source outside of them, and to be elsewhere. */
  networks: z.array(z.string()),
  /** The engine's own ends of those networks, which lead nowhere: engines before Docker 26 give nodes a default route by them. */
  gateways: z.array(z.string()),
  /** The device's MAC address by what the engine says, lower case with colons: which namespace is the client's. */
  mac: z.string(),
});

export type Retries = Immutable<z.infer<typeof retriesSchema>>;

/** The raw-socket load of a scenario, beside which the kernel sockets of `load` are its witnesses. */
export type Flows = Immutable<z.infer<typeof flowsSchema>>;

export type FlowProfile = Immutable<z.infer<typeof flowProfileSchema>>;

/** The part of it that is known before there is a lab. */
export type PlannedProfile = Omit<FlowProfile, 'networks' | 'gateways' | 'mac'>;
