import { bypassFate } from './bypass.js';
import { closingFate } from './closing.js';
import { unexplained, type Decision } from './decision.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { openingFate } from './opening.js';
import type { ConnectionFate } from '../model/types.js';

/** A whole reply, or the part of one that the load asked for. */
const goodStatuses: ReadonlySet<number | undefined> = new Set([200, 206]);

/** Decides what became of a connection. */
export function fateOf(observation: SeenConnection): ConnectionFate {
  const { fate, because } = decide(observation);
  return {
    client: observation.key,
    realserver: observation.server.name,
    fate,
    clientState: observation.client.final,
    realserverState: observation.server.history.final,
    ipvsState: observation.ipvs?.state,
    because,
  };
}

function decide(observation: SeenConnection): Decision {
  const { complete, httpStatus } = observation.report;
  if (!complete) return openingFate(observation);
  if (!goodStatuses.has(httpStatus)) {
    return unexplained(
      observation,
      `the realserver answered HTTP ${httpStatus ?? 'without a status'}, not 200 or 206: this is not the load that was asked for`,
    );
  }
  const decision = closingFate(observation);
  return decision.fate === 'healthy' ? (bypassFate(observation) ?? decision) : decision;
}
