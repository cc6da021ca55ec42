import type { Flows } from '../../contracts/agents/flowProfile.js';
import { datagramRequestsOf } from '../../contracts/agents/load.js';
import { UsageError } from '../../support/errors.js';
import { conversationOf, type LoadConversation } from '../model/builtInConversations.js';
import { hasTimedEvents } from '../plan/planEvents.js';
import { whyNoFlows } from '../network/flowNetworks.js';
import { portsPerSource } from '../model/flowPorts.js';
import { subnetOf } from '../network/ipv4.js';
import type { Scenario } from '../model/scenario.js';

const fewestSources = 4;
const usualRate = 200;

type Runnable = Omit<Scenario, 'mutation'>;

/**
 * The scenario with raw flows beside its kernel sockets, which do the same: `run --flows N`. One that has flows of its own keeps
 * them, for its expectation counts them. Its mutation gets the same.
 * @throws UsageError when a raw socket cannot do what the load does, or come to what it comes to.
 */
export function withFlows(scenario: Scenario, count: number): Scenario {
  const { mutation } = scenario;
  return {
    ...scenario,
    ...added(scenario, count),
    mutation: mutation && {
      ...mutation,
      scenario: { ...mutation.scenario, ...added(mutation.scenario, count) },
    },
  };
}

function added(scenario: Runnable, count: number): { readonly flows: Flows } {
  const { id, flows } = scenario;
  if (flows !== undefined) return { flows };
  const { subnet, family } = scenario.topology;
  const why = subnet === undefined || family === 'ipv6' ? undefined : whyNoFlows(subnetOf(subnet));
  if (why !== undefined) {
    throw new UsageError(`${id}: \`topology.subnet\`: ${why}`, { hint: 'Run it without --flows.' });
  }
  const equal = flowsLike(scenario);
  if ('impossible' in equal) {
    throw new UsageError(
      `expected a scenario whose load raw sockets can make too, found ${id}: ${equal.impossible}`,
      { hint: 'Run it without --flows.' },
    );
  }
  return {
    flows: {
      count,
      // What happens at a time is to find flows and kernel sockets of about the same age.
      rate: hasTimedEvents(scenario) ? Math.max(usualRate, count) : usualRate,
      ramp: 0,
      concurrency: 1000,
      sources: Math.max(fewestSources, Math.ceil(count / portsPerSource)),
      seed: 1,
      retries: { open: 5, data: 8, close: 8 },
      ...equal,
    },
  };
}

/** What flows do that do as the load does, or why a raw socket cannot. */
type FlowsLikeLoad =
  Pick<Flows, 'mix' | 'datagrams'> | Extract<LoadConversation, { readonly impossible: string }>;

function flowsLike({ load, expect }: Runnable): FlowsLikeLoad {
  if (expect.outcome === 'ports-exhausted') {
    return {
      impossible:
        'it is about ports that the kernel has no more of (`outcome: ports-exhausted`), and raw sockets pass the kernel by',
    };
  }
  if (expect.outcome === 'bypassed') {
    return {
      impossible:
        'it is about packets that go past the director (`outcome: bypassed`), where those of flows are counted',
    };
  }
  if (load.sources !== undefined) {
    return {
      impossible: 'it is about the addresses of several clients (`load.sources`), and flows have their own',
    };
  }
  if (load.later !== undefined) {
    return {
      impossible: 'it is about connections that are opened later (`load.later`), and flows are opened first',
    };
  }
  if (load.from !== undefined) {
    return {
      impossible: `it is about connections that are made on ${load.from} (\`load.from\`), and flows are the client's`,
    };
  }
  const datagrams = datagramRequestsOf(load);
  if (datagrams !== undefined) return { mix: [], datagrams };
  const equal = conversationOf(load);
  if ('impossible' in equal) return equal;
  return { mix: [{ weight: 1, conversation: equal.conversation }] };
}
