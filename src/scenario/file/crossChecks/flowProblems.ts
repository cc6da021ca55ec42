import { whyNoFlows } from '../../network/flowNetworks.js';
import { isUsableForHosts, parseSubnet } from '../../network/ipv4.js';
import type { ScenarioFile } from '../schema/file.js';
import type { CrossProblem } from '../checks/problem.js';

/** Refuses flows in a network in which their agent does not send; IPv6 networks are the program's own choice. An invalid subnet is skipped. */
export function flowProblems({ flows, topology: { subnet, family } }: ScenarioFile): CrossProblem[] {
  const network = parseSubnet(subnet ?? '');
  if (flows === undefined || family === 'ipv6' || network === undefined || !isUsableForHosts(network))
    return [];
  const why = whyNoFlows(network);
  return why === undefined ? [] : [{ path: ['topology', 'subnet'], at: 'value', message: why }];
}
