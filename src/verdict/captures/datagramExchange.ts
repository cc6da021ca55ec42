import { clientKey } from '../../evidence/model/connectionKey.js';
import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { ClassifiedCapture } from './classifiedCaptures.js';
import { isClientsOwn } from './connectionSegments.js';

/** The datagrams between a client of UDP and its end of the service, by the client's capture: seconds since the epoch, in order. */
export interface DatagramExchange {
  readonly sentAt: readonly number[];
  readonly receivedAt: readonly number[];
}

/** Finds the exchange of a client. The clients of a load have a port each. */
export function datagramExchanges({
  segments,
}: ClassifiedCapture): (client: ClientConnection) => DatagramExchange {
  const own = segments.filter(isClientsOwn);
  return ({ localAddress, localPort, address, port }) => {
    const key = clientKey(localAddress, localPort);
    const times = (end: 'source' | 'destination') =>
      own
        .filter(({ client }) => client === key)
        .map(({ segment }) => segment)
        .filter((one) => one[`${end}Port`] === port && one[end] === (address ?? one[end]))
        .map(({ time }) => time);
    return { sentAt: times('destination'), receivedAt: times('source') };
  };
}
