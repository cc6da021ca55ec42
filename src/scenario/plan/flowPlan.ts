import type { Flows, PlannedProfile } from '../../contracts/agents/flowProfile.js';
import type { Step } from '../../contracts/agents/conversation.js';
import { type FamilyAddresses, ownAddress } from '../network/addresses.js';
import { command } from './commands/command.js';
import type { Plan } from '../model/planTypes.js';
import { segmentSize } from '../network/segmentSize.js';
import type { Scenario } from '../model/types.js';

/** A control run is to show that the lab is sound, not what it can bear. */
const mostInControl = 200;

/** How much slower than asked for a busy machine may open flows. */
const patience = 4;

/** Beside what can be reckoned: to start, to learn the next hop's address, to report. Seconds. */
const spare = 60;

/** The agent takes no longer one. Seconds. */
const longestDeadline = 3600;

/** The client's only one. */
const device = 'eth0';

interface FlowSurroundings {
  readonly addresses: FamilyAddresses;
  /** Empty where the scenario has no flows. */
  readonly sources: readonly string[];
}

/** The raw load agent's command, and what it is told in each phase; undefined: the scenario has no flows. */
export function planFlows(
  scenario: Pick<Scenario, 'topology' | 'flows' | 'deadlines' | 'events'>,
  { addresses, sources }: FlowSurroundings,
): Plan['flows'] {
  const { topology, flows } = scenario;
  if (flows === undefined) return undefined;
  const { family, vip } = addresses;
  const router = addresses.interfaces['router'];
  const common = {
    ...{ family, vip, sources },
    ports: topology.services.map(({ port }) => port),
    device,
    address: ownAddress(addresses, 'client'),
    nextHop: router?.[0]?.address ?? vip,
    mss: segmentSize(topology),
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
      ...(router === undefined ? [] : [{ node: 'router', device: `eth${router.length - 1}` }]),
    ],
    profiles: {
      control: profile({ ...flows, count: few, rate: Math.min(flows.rate, mostInControl), ramp: 0 }, 0),
      // Other ports than the control run's, of which the director still remembers the connections.
      measured: profile(flows, few),
    },
  };
}

/** All that a phase may take: its openings, one conversation, the witnesses' load, the events and the settling behind it. */
function deadlineOf(
  { count, rate, ramp, mix }: Flows,
  { deadlines: { drive, settle, collect }, events }: Pick<Scenario, 'deadlines' | 'events'>,
): number {
  const openings = count / rate + ramp;
  const longest = Math.max(...mix.map(({ conversation }) => secondsOf(conversation.steps)));
  const waits = events.map(({ at }) => (typeof at === 'number' ? at : 0));
  const all = patience * openings + longest + drive + 3 * settle + collect + Math.max(0, ...waits) + spare;
  return Math.min(Math.ceil(all), longestDeadline);
}

/** What a conversation takes by itself, where nothing gets lost. */
function secondsOf(steps: readonly Step[]): number {
  const each = steps.map((step) => {
    if (step.do === 'wait') return step.seconds;
    return step.do === 'send' && step.rate > 0 ? (step.upload + step.download) / step.rate : 0;
  });
  return each.reduce((sum, seconds) => sum + seconds, 0);
}
