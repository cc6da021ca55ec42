import { parseSubnet } from '../ipv4.js';
import { whyNoFlows } from '../privateNetworks.js';
import type { ScenarioFile } from '../schema/file.js';
import type { CrossProblem } from './problem.js';

/** Flows in a network in which their agent sends none; IPv6 networks are the program's own choice. */
export function flowProblems({ flows, topology: { subnet, family } }: ScenarioFile): CrossProblem[] {
  const network = parseSubnet(subnet ?? '');
  const why =
    flows === undefined || network === undefined || family === 'ipv6' ? undefined : whyNoFlows(network);
  return why === undefined ? [] : [{ path: ['topology', 'subnet'], at: 'value', message: why }];
}
