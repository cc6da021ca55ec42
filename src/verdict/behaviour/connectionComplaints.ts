import type { ClientConnection, LoadReport } from '../../evidence/model/loadReport.js';
import type { Load } from '../../contracts/agents/load.js';
import { clientKey } from '../../evidence/model/connectionKey.js';
import type { PhaseEvidence } from '../../evidence/model/types.js';
import { loadSteps } from '../../scenario/model/conversations.js';
import type { ConnectionFate } from '../model/types.js';
import { complaints, type FaultyConnection } from './complaintText.js';
import type { Fault } from './fault.js';
import { follow } from './follow.js';
import { tolerance } from './tolerance.js';
import type { Transcript } from './transcript.js';

type Transcripts = ReadonlyMap<string, readonly Transcript[]>;

/**
 * Where the kernel's connections were not those that the scenario's `load` describes, one sentence for each way. Of a healthy
 * connection all must have been seen, of another one what it came to.
 */
export function connectionComplaints(
  { ports }: PhaseEvidence,
  asked: Load,
  load: LoadReport,
  fates: readonly ConnectionFate[],
  transcripts: Transcripts,
): string[] {
  const culprits = load.connections.flatMap((connection, index): FaultyConnection[] => {
    const key = clientKey(connection.localAddress, connection.localPort);
    const uses = usesOf(connection, load, transcripts);
    const isHealthy = fates[index]?.fate === 'healthy';
    const fault = faultOf(asked, load, connection, uses, isHealthy) ?? portFault(connection, index, ports);
    return fault === undefined ? [] : [{ key, fault }];
  });
  return [
    ...complaints(culprits, load.connections.length, 'connections'),
    ...clientComplaints(asked, load),
    ...paceComplaints(asked, load, transcripts),
  ];
}

/** What was captured of the port between the reported connection's predecessor and its successor there. */
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
  connection: ClientConnection,
  uses: readonly Transcript[],
  isHealthy: boolean,
): Fault | undefined {
  const steps = loadSteps({ ...asked, reopen: false });
  const isOver = connection.error === undefined && connection.clientClosed !== undefined;
  const wanted = asked.reopen ? 2 : 1;
  for (const [index, transcript] of uses.entries()) {
    const isReported = index === uses.length - 1;
    const { fault, isWhole } = follow(steps, transcript, {
      until: load.finishedAt,
      isExcused: isReported && !isOver,
      acknowledgesAsTold: false,
    });
    if (fault !== undefined) return fault;
    if (isReported && isHealthy && !isWhole) {
      return { asked: 'the whole of a conversation', seen: 'the capture has only a part of it' };
    }
  }
  if (uses.length > wanted) {
    return { asked: `${wanted} connections from a port`, seen: 'there were more', detail: `${uses.length}` };
  }
  if (isHealthy && uses.length < wanted) {
    return asked.reopen
      ? { asked: 'that each is opened again from its port', seen: 'the capture has only one' }
      : { asked: 'a connection', seen: 'the capture has no SYN of it' };
  }
  return undefined;
}

/** Connections take the service's ports in turn. */
function portFault({ port }: ClientConnection, index: number, ports: readonly number[]): Fault | undefined {
  const wanted = ports[index % ports.length];
  if (port === wanted) return undefined;
  return { asked: `port ${wanted ?? '?'} of the service`, seen: `it was another`, detail: `${port}` };
}

function clientComplaints({ connect }: Load, { agent, nonBlockingConnect }: LoadReport): string[] {
  if (nonBlockingConnect === (connect === 'non-blocking')) return [];
  return [`The scenario asks for a ${connect} connect(), and the client was another one (${agent}).`];
}

/** Openings are to be `every` so many seconds, and may come late, but not early. */
function paceComplaints({ every }: Load, load: LoadReport, transcripts: Transcripts): string[] {
  if (every === 0) return [];
  const opened = load.connections.flatMap((connection) => {
    const [first] = usesOf(connection, load, transcripts);
    return first === undefined ? [] : [first.openedAt];
  });
  const tooEarly = opened
    .sort((one, other) => one - other)
    .filter((time, index) => time < load.startedAt + index * every - tolerance);
  if (tooEarly.length === 0) return [];
  return [
    `${tooEarly.length} of ${opened.length} connections were opened sooner on the wire than the scenario says, which is one every ${every} s.`,
  ];
}
