import { clientKey, vipsOf } from '../../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { LabNodes } from '../../captures/labNodes.js';
import type { ConnectionFate } from '../../model/verdict.js';
import { named, type OtherCause } from './cause.js';

/**
 * That a director sent on to a realserver what comes from an address of the realserver's own, and nothing answered it: a kernel takes such packets
 * for forged (`martian source`), and counts none of them. Undefined: it is not seen.
 */
export function martianCause(
  phase: PhaseEvidence,
  { directors, serving, byMac }: Pick<LabNodes, 'directors' | 'serving' | 'byMac'>,
  { client }: ConnectionFate,
): OtherCause | undefined {
  for (const director of directors) {
    const segments = director.capture?.segments ?? [];
    const sent = segments.filter(
      ({ sourceMac, source, sourcePort }) =>
        director.macs.includes(sourceMac) && clientKey(source, sourcePort) === client,
    );
    const isAnswered = segments.some(
      ({ destination, destinationPort, sourceMac }) =>
        clientKey(destination, destinationPort) === client && !director.macs.includes(sourceMac),
    );
    const [first] = sent;
    if (first === undefined || isAnswered) continue;
    const realserver = byMac.get(first.destinationMac);
    if (realserver === undefined || realserver === director || !serving.includes(realserver)) continue;
    if (!ownAddresses(phase, realserver).includes(first.source)) continue;
    return {
      blame: { kind: 'path', what: 'martians', ...named(realserver) },
      because: [
        `IPVS on ${director.name} sent ${String(sent.length)} packets of the connection to ${realserver.name}, and they came from ${first.source}, which is an address of ${realserver.name}'s own`,
        `${realserver.name}'s kernel takes such packets for forged (martian source): it throws them away without an answer, and counts none`,
      ],
    };
  }
  return undefined;
}

/** A realserver has the VIPs too, unless the director translates addresses. */
function ownAddresses(phase: PhaseEvidence, { addresses }: NodeEvidence): readonly string[] {
  return phase.forwarding === 'nat' ? addresses : [...addresses, ...vipsOf(phase)];
}
