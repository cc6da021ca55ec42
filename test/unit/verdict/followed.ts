import type { PhaseNumbers, Verdict } from '../../../src/verdict/model/verdict.js';

/**
 * What of a verdict's phases was not compared on the wire with what the scenario asks for: of connections all have to be, of flows those that the
 * client captures, a sample. That what was compared did as it was asked to, a verdict that is not `inconclusive` says.
 */
export function notFollowed({ control, measured }: Verdict): string[] {
  return Object.entries({ control, measured }).flatMap(([phase, finding]) =>
    finding === undefined
      ? [`${phase}: there is none`]
      : missingIn(finding.numbers).map((what) => `${phase}: ${what}`),
  );
}

function missingIn({ followed, connections, flows }: PhaseNumbers): string[] {
  if (followed === undefined) return ['nothing was compared'];
  return [
    ...(followed.connections === connections
      ? []
      : [`${String(followed.connections)} of ${String(connections)} connections`]),
    ...(flows === undefined || (followed.flows ?? 0) > 0 ? [] : ['none of the flows']),
  ];
}
