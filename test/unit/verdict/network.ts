/** Where a dialogue takes place: addresses, how the director forwards, and whether there is a router between it and the client. */
export interface Network {
  readonly forwarding: 'dr' | 'tun' | 'nat';
  readonly routed: boolean;
  readonly vip: string;
  readonly client: string;
  readonly realserver1: string;
}

export const port = 80;

export const flat: Network = {
  forwarding: 'dr',
  routed: false,
  vip: '10.0.0.9',
  client: '10.0.0.2',
  realserver1: '10.0.0.4',
};
export const flat6: Network = {
  forwarding: 'dr',
  routed: false,
  vip: 'fd00::9',
  client: 'fd00::2',
  realserver1: 'fd00::4',
};
export const tunnel: Network = { ...flat, forwarding: 'tun' };
export const routed: Network = { ...flat, routed: true, client: '10.1.0.2' };
/** NAT, with the replies back through the director. */
export const nat: Network = { ...routed, forwarding: 'nat' };

export const macs = {
  client: '02:00:00:00:00:02',
  director: '02:00:00:00:00:03',
  director2: '02:00:00:00:00:13',
  realserver1: '02:00:00:00:00:04',
  realserver2: '02:00:00:00:00:05',
  routerFront: '02:00:00:00:01:01',
  routerLan: '02:00:00:00:00:01',
} as const;

/** The directors' and the other nodes' own addresses on the servers' side, by name. */
export const addresses = {
  client: '10.0.0.2',
  router: '10.0.0.1',
  director: '10.0.0.3',
  director2: '10.0.0.13',
  realserver1: '10.0.0.4',
  realserver2: '10.0.0.5',
} as const;
export type NodeName = keyof typeof addresses;
