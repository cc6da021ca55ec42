import { isOfService, targetsOf } from '../evidence/model/connectionKey.js';
import type { PhaseEvidence } from '../evidence/model/evidence.js';

/**
 * Adds to the service's addresses and ports those that IPVS translates to, so that packets behind IPVS are known as the service's
 * too. A realserver may serve on another port than the VIP, and on an address that only IPVS knows.
 */
export function seenBehindIpvs(phase: PhaseEvidence): PhaseEvidence {
  const entries = phase.ipvs
    .flatMap(({ connections }) => connections)
    .filter((entry) => isOfService(entry, phase));
  return {
    ...phase,
    // What IPVS translates to is nothing that clients connect to.
    targets: targetsOf(phase),
    ports: [...new Set([...phase.ports, ...entries.map(({ rport }) => rport)])],
    servers: [...new Set([...phase.servers, ...entries.map(({ realserver }) => realserver)])],
  };
}
