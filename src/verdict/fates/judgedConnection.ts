import type { SeenConnection } from '../connections/seenConnection.js';
import { isBlocked } from '../model/outcome.js';
import type { ConnectionFate } from '../model/verdict.js';
import { answersFate } from './answers.js';
import { bypassFate } from './bypass.js';
import { closingFate, closingSegment } from './closing.js';
import { unexplained, type Decision } from './decision.js';
import { openingFate } from './opening.js';
import { isDataOwed } from './transfer.js';
import type { Counted } from '../captures/segmentCounts.js';

/** A connection: what was seen of it, and what became of it. */
export interface JudgedConnection extends SeenConnection, Decision {
  readonly isBlocked: boolean;
  /** The client's segment that its fate hangs on. */
  readonly decisive: Counted;
}

/** A whole reply, or the part of one that the load asked for. */
const goodStatuses: ReadonlySet<number | undefined> = new Set([200, 206]);

/** Decides what became of a connection. */
export function judgedConnection(seen: SeenConnection): JudgedConnection {
  const decision = decide(seen);
  return {
    ...seen,
    ...decision,
    isBlocked: isBlocked(decision.fate),
    decisive: decisiveSegment(seen, decision.fate),
  };
}

/** The part of it that is written into a verdict. */
export function connectionFate(connection: JudgedConnection): ConnectionFate {
  const { key, fate, because, client, server, ipvs, report } = connection;
  return {
    client: key,
    realserver: server.name,
    ...(report.later === true && { later: true }),
    fate,
    clientState: client.final,
    realserverState: server.history.final,
    ipvsState: ipvs?.state,
    because,
  };
}

function decide(connection: SeenConnection): Decision {
  const { complete, unanswered, httpStatus, bytesSent, datagrams } = connection.report;
  if (datagrams !== undefined) return answersFate(connection, datagrams);
  // What the kernel took has not come anywhere yet, and no reply says that it did.
  if (!complete || (unanswered === true && isDataOwed(connection))) return openingFate(connection);
  // Who asked for nothing, or is never answered, has no status to be told.
  if (bytesSent > 0 && unanswered !== true && !goodStatuses.has(httpStatus)) {
    return unexplained(
      connection,
      `the realserver answered HTTP ${httpStatus ?? 'without a status'}, not 200 or 206: this is not the load that was asked for`,
    );
  }
  const decision = closingFate(connection);
  return decision.fate === 'healthy' ? (bypassFate(connection) ?? decision) : decision;
}

function decisiveSegment(connection: SeenConnection, fate: Decision['fate']): Counted {
  if (connection.report.datagrams !== undefined) return 'payload';
  if (fate === 'unreachable' || fate === 'ports-exhausted') return 'syn';
  const closes = connection.report.complete || fate === 'data-lost';
  return closes ? closingSegment(connection) : 'payload';
}
