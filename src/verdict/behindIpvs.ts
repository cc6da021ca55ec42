import type { PhaseEvidence } from '../evidence/model/types.js';

/**
 * The phase with the service as it is seen behind IPVS too: a realserver may have another port than the service, and an address that
 * only IPVS knows, and packets that IPVS has translated go there.
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
