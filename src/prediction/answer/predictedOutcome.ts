import type { Predicted } from '../model/predicted.js';
import type { PacketClass } from '../packets/packetClasses.js';
import type { Fate } from './fates.js';

/** What of a fate connections depend on. */
type KnownFate = Pick<Fate, 'kind' | 'fate'>;

/** Whether clients can open connections: a client that cannot is kept out. */
export function isOpening(fates: readonly KnownFate[]): boolean {
  return !fates.some(({ kind, fate }) => isFirst(kind) && isStopped(fate));
}

/**
 * What connections come to when their packets have these fates. If later packets are stopped for certain, that decides, even if nobody knows
 * whether the first ones get through.
 */
export function predictedOutcome(fates: readonly KnownFate[]): Predicted {
  if (!isOpening(fates)) return 'unreachable';
  const stopped = fates.filter(({ fate }) => isStopped(fate)).map(({ kind }) => kind.part);
  if (stopped.includes('open')) return isOpenedLater(fates) ? 'transfer-blocked' : 'handshake-blocked';
  if (stopped.includes('transfer')) return 'transfer-blocked';
  if (stopped.includes('close') || stopped.includes('reset')) return 'close-blocked';
  const isUnknown = fates.some(({ kind, fate }) => fate === 'unknown' && kind.part !== 'icmp');
  return isUnknown ? 'unknown' : 'healthy';
}

/** What has to get through before anything else: a client's first packet, and those by which hosts on the link find each other. */
function isFirst({ part, from, flags }: PacketClass): boolean {
  if (part === 'neighbour') return true;
  return part === 'open' && from === 'client' && (flags === undefined || flags === 0x02);
}

/** Whether a realserver gets an acknowledgement of its SYN-ACK after all: data and FINs have one as well. */
function isOpenedLater(fates: readonly KnownFate[]): boolean {
  const isAnswered = !fates.some(
    ({ kind, fate }) => kind.from === 'realserver' && kind.part === 'open' && isStopped(fate),
  );
  return isAnswered && fates.some(({ kind, fate }) => isLater(kind) && fate === 'passes');
}

function isLater({ from, part }: PacketClass): boolean {
  return from === 'client' && (part === 'transfer' || part === 'close');
}

function isStopped(fate: Fate['fate']): boolean {
  return fate === 'refused' || fate === 'diverted';
}
