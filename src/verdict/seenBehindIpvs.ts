import type { PhaseEvidence } from '../evidence/model/evidence.js';

/**
 * Adds to the service's addresses and ports those that IPVS translates to, so that packets behind IPVS are known as the service's
 * too. A realserver may serve on another port than the VIP, and on an address that only IPVS knows.
 */
export function seenBehindIpvs(phase: PhaseEvidence): PhaseEvidence {
  const entries = phase.ipvs
    .flatMap(({ connections }) => connections)
    .filter(({ vip, vport }) => vip === phase.vip && phase.ports.includes(vport));
  return {
    ...phase,
    ports: [...new Set([...phase.ports, ...entries.map(({ rport }) => rport)])],
    servers: [...new Set([...phase.servers, ...entries.map(({ realserver }) => realserver)])],
  };
}
