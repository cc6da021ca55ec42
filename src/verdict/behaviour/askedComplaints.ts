import type { Load } from '../../contracts/agents/load.js';
import type { JudgedConnection } from '../fates/judgedConnection.js';

/** Clients of UDP whose capture has fewer requests than they say they sent, or that did not come to send all of them; one sentence for each kind. */
export function askedComplaints(
  { requests }: Pick<Load, 'requests'>,
  connections: readonly JudgedConnection[],
): string[] {
  const late = connections.filter(({ report: { datagrams } }) => (datagrams?.asked ?? 0) < requests);
  const unsent = connections.filter(
    ({ report: { datagrams }, wire, resolution }) =>
      wire.client !== undefined &&
      resolution.unresolved.length === 0 &&
      wire.client.sent.payload < (datagrams?.asked ?? 0),
  );
  return [
    ...(late.length === 0
      ? []
      : [
          `${late.length} of ${connections.length} clients did not come to send all of their ${requests} requests.`,
        ]),
    ...(unsent.length === 0
      ? []
      : [
          `${unsent.length} of ${connections.length} clients sent more requests than the client's capture has of them.`,
        ]),
  ];
}
