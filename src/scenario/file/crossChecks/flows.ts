import { whyNoFlows } from '../../network/flowNetworks.js';
import { isUsableForHosts, parseSubnet } from '../../network/ipv4.js';
import type { ScenarioFile } from '../schema/file.js';
import type { CrossProblem } from '../checks/problem.js';

/** Flows in a network in which their agent sends none; IPv6 networks are the program's own choice. A subnet that nothing can have is passed over. */
export function flowProblems({ flows, topology: { subnet, family } }: ScenarioFile): CrossProblem[] {
  const network = parseSubnet(subnet ?? '');
  if (flows === undefined || family === 'ipv6' || network === undefined || !isUsableForHosts(network))
    return [];
  const why = whyNoFlows(network);
  return why === undefined ? [] : [{ path: ['topology', 'subnet'], at: 'value', message: why }];
}
