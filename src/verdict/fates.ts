import { closingFate } from './closing.js';
import type { Decision } from './decision.js';
import type { Observation } from './observation.js';
import { openingFate } from './opening.js';
import type { ConnectionFate } from './types.js';

/** Decides what became of a connection. */
export function fateOf(observation: Observation): ConnectionFate {
  const { fate, because } = decide(observation);
  return {
    client: observation.key,
    realserver: observation.realserverName,
    fate,
    clientState: observation.client.final,
    realserverState: observation.realserver.final,
    ipvsState: observation.ipvsState,
    because,
  };
}

function decide(observation: Observation): Decision {
  const { complete, httpStatus } = observation.connection;
  if (!complete) return openingFate(observation);
  if (httpStatus !== 200) {
    return {
      fate: 'unexplained',
      because: `The realserver answered HTTP ${httpStatus ?? 'without a status'}, not 200: this is not the load that was asked for.`,
    };
  }
  return closingFate(observation);
}
