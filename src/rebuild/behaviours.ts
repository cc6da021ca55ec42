import type { Protocol } from '../contracts/words/network.js';
import type { PacketName } from '../prediction/packets/packetClasses.js';

/** A way in which clients use a service, and end their connections where there are some. */
export interface Behaviour {
  /** As ids have it. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Of which services the clients are. */
  readonly protocol: Protocol;
  /** Keys of a scenario's `load`, as YAML. */
  readonly load: readonly string[];
  /** Kinds of packets that nobody sends then. */
  readonly unsent: readonly PacketName[];
  /** Whether the second connection from a port is judged, which the first may stand in the way of. */
  readonly isSecond: boolean;
}

/** A program that leaves with SO_LINGER 0 sends a RST with an ACK, and a FIN has no data: that was sent before. */
const neverSent = ['RST', "realserver's RST", 'FIN with data'] as const satisfies readonly PacketName[];

/** What holds for every behaviour over TCP that does not say otherwise. */
const usual = { protocol: 'tcp', unsent: [...neverSent, 'RST,ACK'], isSecond: false } as const;
const ofUdp = { protocol: 'udp', unsent: [], isSecond: false } as const;

/** All ways that a site is tried with: over TCP who closes first and how, and what was said before; over UDP how often, and who waits for whom. */
export const behaviours: readonly Behaviour[] = [
  {
    ...usual,
    name: 'server-first',
    title: 'the realserver closes first',
    load: ['close: { first: server }'],
  },
  { ...usual, name: 'client-first', title: 'the client closes first', load: ['close: { first: client }'] },
  {
    ...usual,
    name: 'client-reset',
    title: 'the client resets',
    load: ['close: { first: client, how: rst }'],
    unsent: [...neverSent, 'FIN', "realserver's FIN"],
  },
  {
    ...usual,
    name: 'half-close',
    title: 'the client closes its half and reads on',
    load: ['close: { first: client, how: half-close }'],
  },
  { ...usual, name: 'upload', title: 'an upload', load: ['upload: 64KiB', 'close: { first: server }'] },
  {
    ...usual,
    name: 'keep-alive',
    title: 'three requests, and the client closes',
    load: ['requests: 3', 'close: { first: client }'],
  },
  {
    ...usual,
    name: 'port-again',
    title: 'the same port a second time',
    load: ['reopen: true', 'close: { first: server }'],
    isSecond: true,
  },
  {
    ...ofUdp,
    name: 'udp-request',
    title: 'one request',
    load: ['datagrams: { as: dns }'],
    unsent: ['later request'],
  },
  {
    ...ofUdp,
    name: 'udp-again',
    title: 'the same port asks again',
    load: ['requests: 2', 'datagrams: { as: dns, pause: 500ms }'],
  },
  {
    ...ofUdp,
    name: 'udp-stream',
    title: 'a stream both ways',
    load: ['requests: 6', 'datagrams: { as: quic, pause: 200ms }'],
  },
];
