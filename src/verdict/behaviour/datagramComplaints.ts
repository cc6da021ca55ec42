import type { Datagrams, Load } from '../../contracts/agents/load.js';
import type { LoadReport } from '../../evidence/model/loadReport.js';
import { durationText } from '../../support/duration.js';
import type { JudgedConnection } from '../fates/judgedConnection.js';
import { complaints, type FaultyConnection } from './complaintText.js';
import type { Fault } from './fault.js';
import { inTurn, paceComplaints, targetFault, type Target } from './openingOrder.js';
import { tolerance } from './tolerance.js';
import type { DatagramExchange } from '../captures/datagramExchange.js';

/** What the clients of UDP were to do, and what they did. */
export interface ObservedClients {
  readonly asked: Load & { readonly datagrams: Datagrams };
  /** Where they were to send, in turn. */
  readonly targets: readonly Target[];
  readonly load: Pick<LoadReport, 'startedAt'>;
  /** In the order in which they began. */
  readonly connections: readonly JudgedConnection[];
  /** What the capture has of a client. */
  readonly exchangeOf: (report: JudgedConnection['report']) => DatagramExchange;
}

/** Compares the clients of UDP, by the client's capture, with what the scenario's `load` describes; one sentence for each kind of difference. */
export function datagramComplaints({
  asked,
  targets,
  load,
  connections,
  exchangeOf,
}: ObservedClients): string[] {
  const turns = inTurn(targets);
  const late = connections.filter(({ report: { datagrams } }) => (datagrams?.asked ?? 0) < asked.requests);
  const faulty = connections.flatMap((connection): FaultyConnection[] => {
    const wanted = turns.next().value;
    const exchange = exchangeOf(connection.report);
    const fault =
      targetFault(connection.report, wanted) ??
      countFault(asked, connection, exchange) ??
      silenceFault(asked, connection.report.openedAt, exchange);
    return fault === undefined ? [] : [{ key: connection.key, fault }];
  });
  const openedAt = connections.flatMap(({ report }) => exchangeOf(report).sentAt[0] ?? []);
  return [
    ...(late.length === 0
      ? []
      : [
          `${late.length} of ${connections.length} clients did not come to send all of their ${asked.requests} requests.`,
        ]),
    ...complaints(faulty, connections.length, 'clients'),
    ...paceComplaints(asked, load.startedAt, openedAt),
  ];
}

/** Set when the capture has more requests than were asked for, fewer than the client says it sent, or fewer replies than it says came. */
function countFault(
  { requests }: Load,
  { report: { datagrams }, wire, resolution }: JudgedConnection,
  { sentAt, receivedAt }: DatagramExchange,
): Fault | undefined {
  if (datagrams === undefined) return undefined;
  if (sentAt.length > requests)
    return { asked: `${requests} requests`, seen: 'there were more', detail: `${sentAt.length}` };
  // What waits for a neighbour that does not answer never leaves; that is told as the client's fate.
  const left = wire.client !== undefined && resolution.unresolved.length === 0;
  if (left && sentAt.length < datagrams.asked) {
    return {
      asked: `${requests} requests`,
      seen: "the client's capture has fewer than it says it sent",
      detail: `${sentAt.length} of ${datagrams.asked}`,
    };
  }
  const came = datagrams.answered + datagrams.pushed;
  if (receivedAt.length >= came) return undefined;
  return {
    asked: 'that a client counts what comes',
    seen: 'its capture has fewer than it counted',
    detail: `${receivedAt.length} of ${came}`,
  };
}

/**
 * Set when a request left before the silence in front of it was over: behind the reply to the one before it, or the time that the client waits
 * for one. What came first behind a request may be no reply to it, but then that came later still, and so did the next request.
 */
function silenceFault(
  { datagrams: { as, pause, wait }, requests, idle }: ObservedClients['asked'],
  openedAt: number,
  { sentAt, receivedAt }: DatagramExchange,
): Fault | undefined {
  for (const [index, time] of sentAt.entries()) {
    const before = sentAt[index - 1];
    if (before === undefined) continue;
    const silence = index === requests - 1 ? Math.max(pause, idle) : pause;
    const waitsForReply = as === 'dns' || index === 1;
    const reply = receivedAt.find((one) => one >= before && one <= time);
    // The first request may have waited for a neighbour's address when its client began to wait for the reply.
    const asking = index === 1 ? Math.min(openedAt, before) : before;
    const from = !waitsForReply ? before : (reply ?? asking + wait);
    if (time >= from + silence - tolerance) continue;
    return {
      asked: `${durationText(silence, 'set')} of silence before request ${index + 1}, behind ${waitsForReply ? `the reply to the one before or ${durationText(wait, 'set')} of waiting for it` : 'the one before'}`,
      seen: 'there was less',
      detail: durationText(time - (reply ?? before), 'short'),
    };
  }
  return undefined;
}
