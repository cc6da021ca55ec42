import { whyNoFlows } from '../../network/flowNetworks.js';
import { isUsableForHosts, parseSubnet } from '../../network/ipv4.js';
import type { ScenarioFile } from '../schema/file.js';
import type { CrossProblem } from '../checks/problem.js';

/** Problems of flows with what is said elsewhere. */
export function flowProblems(file: ScenarioFile): readonly CrossProblem[] {
  return [...networkProblems(file), ...conversationProblems(file), ...witnessProblems(file)];
}

/** Refuses flows in a network in which their agent does not send; IPv6 networks are the program's own choice. An invalid subnet is skipped. */
function networkProblems({ flows, topology: { subnet, family } }: ScenarioFile): CrossProblem[] {
  const network = parseSubnet(subnet ?? '');
  if (flows === undefined || family === 'ipv6' || network === undefined || !isUsableForHosts(network))
    return [];
  const why = whyNoFlows(network);
  return why === undefined ? [] : [{ path: ['topology', 'subnet'], at: 'value', message: why }];
}

/** Flows of TCP need a conversation; those of UDP do what the load's clients do. */
function conversationProblems({ flows, load }: ScenarioFile): CrossProblem[] {
  if (flows === undefined) return [];
  const { conversation, mix } = flows;
  const given = conversation ?? mix;
  if (load.datagrams === undefined) {
    if (given !== undefined) return [];
    return [{ path: ['flows'], at: 'key', message: 'expected `conversation` or `mix`, found neither' }];
  }
  if (given === undefined) return [];
  const key = conversation === undefined ? 'mix' : 'conversation';
  const message = `expected no \`${key}\` beside \`load.datagrams\`, found one; flows of UDP do what the clients of the load do`;
  return [{ path: ['flows', key], at: 'key', message }];
}

/** Beside flows the kernel sockets are witnesses of one address, by which they are told from flows, and of one time. */
function witnessProblems({ flows, load }: ScenarioFile): CrossProblem[] {
  if (flows === undefined) return [];
  const why = {
    sources: 'flows have their own (`flows.sources`), and the other connections one address',
    later: 'the other connections come when the flows are open',
  };
  return (['sources', 'later'] as const)
    .filter((key) => load[key] !== undefined)
    .map((key) => ({
      path: ['load', key],
      at: 'key',
      message: `expected no \`${key}\` of the load beside \`flows\`, found it; ${why[key]}`,
    }));
}
