import type { Role, Sender } from '../../contracts/words/nodes.js';
import type { ClassifiedError, ClassifiedSegment } from './classifiedCaptures.js';
import type { ConnectionSegments } from './connectionSegments.js';

/** Who made a RST that the client received. */
export function originOfReset(
  reset: ClassifiedSegment,
  { router, directors }: ConnectionSegments,
  hasRouterCapture: boolean,
): Sender {
  const onTheWay = [...router, ...directors]
    .filter(({ kind, direction }) => kind === 'rst' && direction === 'from-service')
    .map(({ sender, receiver, segment: { time } }) => ({ sender, receiver, time }));
  return originOf({ ...reset, time: reset.segment.time }, onTheWay, hasRouterCapture);
}

/** Who made an ICMP error that the client received. */
export function originOfError(
  error: ClassifiedError,
  { errorsOnTheWay }: ConnectionSegments,
  hasRouterCapture: boolean,
): Sender {
  const { type, code, time } = error.message;
  // One that goes on to a realserver is about a packet of the realserver's, and another one.
  const onTheWay = errorsOnTheWay
    .filter(
      ({ message, receiver }) =>
        message.type === type && message.code === code && receiver?.role !== 'realserver',
    )
    .map(({ sender, receiver, message }) => ({ sender, receiver, time: message.time }));
  return originOf({ ...error, time }, onTheWay, hasRouterCapture);
}

type Message = Pick<ClassifiedSegment, 'sender' | 'receiver'> & { readonly time: number };

/**
 * Realservers and directors all speak with the VIP's address, so the MAC address at the client tells who it was. Where that is the
 * router's or a director's, it may only have passed the message on: `onTheWay` are such messages in the captures there.
 */
function originOf(
  { sender, time }: Message,
  onTheWay: readonly Message[],
  hasRouterCapture: boolean,
): Sender {
  const role = sender?.role;
  if (role !== 'router' && role !== 'director') return role ?? 'unknown';
  const before = onTheWay.filter((message) => message.time <= time);
  const went = (from: Role, to?: Role): boolean =>
    before.some(
      (message) => message.sender?.role === from && (to === undefined || message.receiver?.role === to),
    );
  if (went('realserver', 'director')) return 'realserver';
  if (role === 'director' || went('director')) return 'director';
  if (went('realserver', 'router')) return 'realserver';
  return hasRouterCapture ? 'router' : 'unknown';
}
