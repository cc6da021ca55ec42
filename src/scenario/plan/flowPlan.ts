import type { Flows, PlannedProfile } from '../../contracts/agents/flowProfile.js';
import type { Step } from '../../contracts/agents/conversation.js';
import { type FamilyAddresses, ownAddress } from '../network/allocation.js';
import { command } from './commands/command.js';
import { devicesOfNamed } from '../model/devicesOf.js';
import type { Plan } from '../model/planTypes.js';
import { segmentSize } from '../network/segmentSize.js';
import type { Scenario } from '../model/scenario.js';
import { allForwardings, clientPorts } from '../model/virtualServices.js';

/** How many flows a control run has at most: it has to show that the lab is sound, not what it can bear. */
const mostInControl = 200;

/** How many times longer than asked for a busy machine may take to open flows. */
const patience = 4;

/** Seconds that are added for starting, learning the next hop's address, and reporting. */
const spare = 60;

/** The longest deadline that the agent accepts, in seconds. */
const longestDeadline = 3600;

interface FlowPlanContext {
  readonly addresses: FamilyAddresses;
  /** The flows' source addresses; empty when the scenario has no flows. */
  readonly sources: readonly string[];
}

/** The raw load agent's command, and its orders for each phase; undefined: the scenario has no flows. */
export function planFlows(
  scenario: Pick<Scenario, 'topology' | 'flows' | 'deadlines' | 'events'>,
  { addresses, sources }: FlowPlanContext,
): Plan['flows'] {
  const { topology, flows } = scenario;
  if (flows === undefined) return undefined;
  const { family, vip } = addresses;
  const router = addresses.interfaces['router'];
  const [device = ''] = devicesOfNamed(topology, 'client');
  const common = {
    ...{ family, vip, sources },
    ports: [...new Set(servicesOf(flows, topology).flatMap(clientPorts))],
    device,
    address: ownAddress(addresses, 'client'),
    nextHop: router?.[0]?.address ?? vip,
    mss: segmentSize(family, allForwardings(topology)),
  };
  const profile = (part: Flows, firstFlow: number): PlannedProfile => ({
    ...common,
    flows: part,
    firstFlow,
    deadline: deadlineOf(part, scenario),
  });
  const few = Math.min(flows.count, mostInControl);
  return {
    command: command('hold the raw-socket conversations', ['node', '/lab/load.cjs']),
    way: [
      { node: 'client', device },
      ...(router === undefined
        ? []
        : [{ node: 'router', device: devicesOfNamed(topology, 'router').at(-1) ?? '' }]),
    ],
    profiles: {
      control: profile({ ...flows, count: few, rate: Math.min(flows.rate, mostInControl), ramp: 0 }, 0),
      // Other ports than the control run's, of which the director still remembers the connections.
      measured: profile(flows, few),
    },
  };
}

/** The services that flows go to: those of their protocol at the first VIP. */
function servicesOf({ datagrams }: Flows, { services }: Scenario['topology']) {
  return services.filter(
    ({ vip = 1, protocol }) => vip === 1 && (protocol === 'udp') === (datagrams !== undefined),
  );
}

/** Seconds that a phase may take: its openings, one conversation, the witnesses' load, the events, and settling. */
function deadlineOf(
  { count, rate, ramp, mix, datagrams }: Flows,
  { deadlines: { drive, settle, collect }, events }: Pick<Scenario, 'deadlines' | 'events'>,
): number {
  const openings = count / rate + ramp;
  const longest =
    datagrams === undefined
      ? Math.max(...mix.map(({ conversation }) => secondsOf(conversation.steps)))
      : datagrams.requests * (datagrams.pause + datagrams.wait) + datagrams.idle;
  const waits = events.map(({ at }) => (typeof at === 'number' ? at : 0));
  const all = patience * openings + longest + drive + 3 * settle + collect + Math.max(0, ...waits) + spare;
  return Math.min(Math.ceil(all), longestDeadline);
}

/** Seconds that a conversation takes by itself, when nothing is lost. */
function secondsOf(steps: readonly Step[]): number {
  const each = steps.map((step) => {
    if (step.do === 'wait') return step.seconds;
    return step.do === 'send' && step.rate > 0 ? (step.upload + step.download) / step.rate : 0;
  });
  return each.reduce((sum, seconds) => sum + seconds, 0);
}
