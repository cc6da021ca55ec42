import type { SiteProbe } from '../../probe/probeSite.js';
import type { ServiceProbe } from '../../probe/serviceProbe.js';
import { serviceEnd } from './serviceEnd.js';

/** What became of packets that were sent through the rules. */
export function probeLines({ passed, stopped, faults }: ServiceProbe, kernel: string): readonly string[] {
  const list = (packets: readonly string[], what: string) =>
    packets.length === 0 ? [] : [`  on ${kernel}, in a namespace: ${packets.join('; ')} ${what}`];
  return [
    '',
    ...list(passed, 'got as far as IPVS'),
    ...list(stopped, 'did not get as far as IPVS'),
    ...faults.map((fault) => `  a fault of lvs-lab: ${fault}; the kernel counts, and please report it`),
  ];
}

/** For which services nothing was sent, and why. */
export function probeLeftLines({ left }: Pick<SiteProbe, 'left'>): readonly string[] {
  return left.map(
    ({ service, why }) => `not probed${service === undefined ? '' : `: ${serviceEnd(service)}`}: ${why}`,
  );
}
