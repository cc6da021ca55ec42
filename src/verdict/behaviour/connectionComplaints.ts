import { type Load, timesReopened } from '../../contracts/agents/load.js';
import { isServed } from '../../contracts/words/outcomes.js';
import { clientKey } from '../../evidence/model/connectionKey.js';
import type { ClientConnection, LoadReport } from '../../evidence/model/loadReport.js';
import { loadSteps } from '../../scenario/model/builtInConversations.js';
import type { JudgedConnection } from '../fates/judgedConnection.js';
import { complaints, type FaultyConnection } from './complaintText.js';
import type { Fault } from './fault.js';
import { compareSteps } from './compareSteps.js';
import { inTurn, laterComplaints, paceComplaints, targetFault, type Target } from './openingOrder.js';
import type { Transcript } from './transcript.js';

type Transcripts = ReadonlyMap<string, readonly Transcript[]>;

/** What the connections of a load were to do, and what they did. */
export interface ObservedLoad {
  readonly asked: Load;
  /** Where they were to go, in turn. */
  readonly targets: readonly Target[];
  readonly load: LoadReport;
  /** In the order in which the client opened them. */
  readonly connections: readonly JudgedConnection[];
  readonly transcripts: Transcripts;
}

/**
 * Compares the connections with what the scenario's `load` describes; one sentence for each kind of difference. A connection
 * that was served must show all steps, another one those up to where it was stopped.
 */
export function connectionComplaints(observed: ObservedLoad): string[] {
  const { asked, targets, load, connections, transcripts } = observed;
  const turns = inTurn(targets);
  const openedAt = (some: readonly ClientConnection[]) =>
    some.flatMap((connection) => usesOf(connection, load, transcripts)[0]?.openedAt ?? []);
  const isLater = ({ later }: ClientConnection) => later === true;
  const first = openedAt(load.connections.filter((one) => !isLater(one)));
  const afterwards = openedAt(load.connections.filter(isLater));
  const faulty = connections.flatMap((connection): FaultyConnection[] => {
    const wanted = turns.next().value;
    const fault = faultOf(asked, load, connection, transcripts) ?? targetFault(connection.report, wanted);
    return fault === undefined ? [] : [{ key: connection.key, fault }];
  });
  return [
    ...complaints(faulty, load.connections.length, 'connections'),
    ...clientComplaints(asked, load),
    ...paceComplaints(asked, load.startedAt, [...first, ...afterwards]),
    ...laterComplaints(asked, first, afterwards),
  ];
}

/**
 * The connections in the capture that belong to this one of the report: those from its port, after the port's previous connection in
 * the report and before the next.
 */
function usesOf(
  { localAddress, localPort, openedAt }: ClientConnection,
  { connections }: LoadReport,
  transcripts: Transcripts,
): readonly Transcript[] {
  const all = transcripts.get(clientKey(localAddress, localPort)) ?? [];
  const others = connections
    .filter((one) => one.localPort === localPort && one.localAddress === localAddress)
    .map((one) => one.openedAt);
  const next = Math.min(...others.filter((time) => time > openedAt));
  const isLater = others.some((time) => time < openedAt);
  return all.filter((one) => one.openedAt < next && (!isLater || one.openedAt >= openedAt));
}

function faultOf(
  asked: Load,
  load: LoadReport,
  { report, fate }: JudgedConnection,
  transcripts: Transcripts,
): Fault | undefined {
  const uses = usesOf(report, load, transcripts);
  // Whoever served it: what the client did is on the wire all the same.
  const hasAll = isServed(fate);
  const steps = loadSteps({ ...asked, reopen: false });
  const isOver = report.error === undefined && report.clientClosed !== undefined;
  const wanted = 1 + timesReopened(asked);
  for (const transcript of uses) {
    const isReported = transcript === uses.at(-1);
    const { fault, isWhole } = compareSteps(steps, transcript, {
      until: load.finishedAt,
      isExcused: isReported && !isOver,
      acknowledgesAsTold: false,
      joinsFin: true,
    });
    if (fault !== undefined) return fault;
    if (isReported && hasAll && !isWhole) {
      return { asked: 'the whole of a conversation', seen: 'the capture has only a part of it' };
    }
  }
  if (uses.length > wanted) {
    return { asked: `${wanted} connections from a port`, seen: 'there were more', detail: `${uses.length}` };
  }
  if (hasAll && uses.length < wanted) {
    return wanted > 1
      ? {
          asked: 'that each is opened again from its port',
          seen: `the capture has only ${uses.length === 1 ? 'one' : uses.length}`,
        }
      : { asked: 'a connection', seen: 'the capture has no SYN of it' };
  }
  return undefined;
}

function clientComplaints({ connect }: Load, { agent, nonBlockingConnect }: LoadReport): string[] {
  if (nonBlockingConnect === (connect === 'non-blocking')) return [];
  return [`The scenario asks for a ${connect} connect(), and the client was another one (${agent}).`];
}
