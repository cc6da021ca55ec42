/** The service that packets are for; where they come in, and from whom. */
export const vip = '192.0.2.10';
export const port = 80;
export const interfaces = ['e0', 'e1'] as const;
const sources = ['10.1.1.1', '10.2.2.2', '203.0.113.7'] as const;
const sourcePorts = [33_000, 50_001] as const;

/** Kinds of packets of a client, by the names that the prediction has for them, with TCP's flags. */
const flags = {
  SYN: 0x02,
  ACK: 0x10,
  data: 0x18,
  FIN: 0x11,
  'FIN with data': 0x19,
  RST: 0x04,
  'RST,ACK': 0x14,
  'ICMP too big': undefined,
} as const;

/** A packet that is sent through rules. */
export interface Probe {
  readonly kind: keyof typeof flags;
  readonly flags: number | undefined;
  readonly source: string;
  readonly sourcePort: number;
  readonly comesIn: (typeof interfaces)[number];
}

/** Each kind of packet from each source by each interface: the same for all rules. */
export const probes: readonly Probe[] = sources.flatMap((source) =>
  interfaces.flatMap((comesIn) =>
    sourcePorts.flatMap((sourcePort) =>
      Object.entries(flags).map(([kind, own]): Probe => ({
        kind: kind as Probe['kind'],
        flags: own,
        source,
        sourcePort,
        comesIn,
      })),
    ),
  ),
);

/** Rules to send packets through. */
export interface Case {
  readonly tool: 'iptables' | 'nft';
  readonly text: string;
}
