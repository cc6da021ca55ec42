/** A way in which clients use a service and end their connections. */
export interface Behaviour {
  /** As ids have it. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Keys of a scenario's `load`, as YAML. */
  readonly load: readonly string[];
  /** What the client ends a connection with. */
  readonly ends: 'fin' | 'rst';
  /** Whether the second connection from a port is judged, which the first may stand in the way of. */
  readonly isSecond: boolean;
}

/** Each is what most of them are, but for what it says. */
const usual = { ends: 'fin', isSecond: false } as const;

/** All ways that a site is tried with: who closes first and how, and what was said before. */
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
    ends: 'rst',
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
];
