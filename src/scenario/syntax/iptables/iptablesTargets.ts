import { divertingTargets, refusingTargets } from '../../../contracts/words/rules.js';

const targets = {
  accept: ['ACCEPT'],
  return: ['RETURN'],
  refuse: refusingTargets,
  /** The packet goes to somebody else than it was for. */
  divert: [...divertingTargets, 'NETMAP'],
  /** Its source is changed. */
  source: ['SNAT', 'MASQUERADE', 'SAME'],
  mark: ['MARK', 'CONNMARK', 'HMARK'],
  /** Whether conntrack sees it. */
  track: ['CT', 'NOTRACK'],
  /** The node answers the handshake itself. */
  answer: ['SYNPROXY'],
  /** Something is changed that no rule of a lab or site is asked about here. */
  change: [
    ...['TCPMSS', 'TTL', 'HL', 'DSCP', 'TOS', 'SET', 'CLASSIFY', 'CHECKSUM', 'TCPOPTSTRIP', 'TEE'],
    ...['CONNSECMARK', 'SECMARK', 'ECN'],
  ],
  /** It is counted or written down. */
  note: [...['LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TRACE', 'RATEEST', 'IDLETIMER', 'LED', 'ACCOUNT', 'DPI']],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What targets of iptables do to a packet. */
export type TargetKind = keyof typeof targets;

const kinds = new Map<string, TargetKind>(
  Object.entries(targets).flatMap(([kind, names]) =>
    names.map((name) => [name, kind as TargetKind] as const),
  ),
);

/** What the target of a rule does; undefined: it is a chain, or not known. */
export function targetKind(name: string): TargetKind | undefined {
  return kinds.get(name);
}
