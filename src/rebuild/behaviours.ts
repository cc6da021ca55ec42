/** A way in which clients use a service and end their connections. */
export interface Behaviour {
  /** As ids have it. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Keys of a scenario's `load`, as YAML. */
  readonly load: readonly string[];
}

/** All ways that a site is tried with: who closes first and how, and what was said before. */
export const behaviours: readonly Behaviour[] = [
  { name: 'server-first', title: 'the realserver closes first', load: ['close: { first: server }'] },
  { name: 'client-first', title: 'the client closes first', load: ['close: { first: client }'] },
  { name: 'client-reset', title: 'the client resets', load: ['close: { first: client, how: rst }'] },
  {
    name: 'half-close',
    title: 'the client closes its half and reads on',
    load: ['close: { first: client, how: half-close }'],
  },
  { name: 'upload', title: 'an upload', load: ['upload: 64KiB', 'close: { first: server }'] },
  {
    name: 'keep-alive',
    title: 'three requests, and the client closes',
    load: ['requests: 3', 'close: { first: client }'],
  },
  {
    name: 'port-again',
    title: 'the same port a second time',
    load: ['reopen: true', 'close: { first: server }'],
  },
];
