import type { TracedPacket } from '../../../evidence/model/traced.js';

const names: Readonly<Record<string, string>> = {
  'TCP SYN': 'SYN',
  'TCP SYN,ACK': 'SYN-ACK',
  'TCP ACK': 'ACK',
  'TCP PSH,ACK': 'data',
  'TCP FIN,ACK': 'FIN',
  'TCP FIN': 'FIN',
  'TCP FIN,PSH,ACK': 'FIN with data',
  'TCP RST': 'RST',
  'TCP RST,ACK': 'RST',
  UDP: 'datagram',
};

/** A packet's name as people say it: `FIN`, `SYN-ACK`, `ICMP destination-unreachable host-prohibited`. */
export function tracedPacketText({ kind, message }: Pick<TracedPacket, 'kind' | 'message'>): string {
  if (message?.startsWith('nd-neighbor-solicit') === true) return 'neighbour solicitation';
  if (message?.startsWith('nd-neighbor-advert') === true) return 'neighbour advertisement';
  if (kind === 'ICMP') return message === undefined ? 'ICMP' : `ICMP ${message}`;
  if (kind === 'other') return 'packet that is neither TCP, UDP nor ICMP';
  return names[kind] ?? kind;
}

/** Seconds from a connection's first packet. */
export function afterText(seconds: number | undefined): string {
  return seconds === undefined ? '' : ` (${seconds.toFixed(2)} s after the connection's first packet there)`;
}

/** Seconds of a moment from when the load began, both by the nodes' clock. */
export function afterLoadText(moment: number, begun: number): string {
  return `${(moment - begun).toFixed(1)} s after the load began`;
}
