import type { FlowProfile } from '../../src/contracts/agents/flowProfile.js';
import type { FlowReport } from '../../src/evidence/model/flowTypes.js';
import { readFlowLine } from '../../src/evidence/streams/flowLines.js';
import type { FlowMilestone } from '../../src/run/agents/flowAgent.js';
import { flowsSchema } from '../../src/scenario/file/schema/flows.js';
import { segmentSize } from '../../src/scenario/network/segmentSize.js';
import { LabError } from '../../src/support/errors.js';
import { type ToolOutcome, toolOutcomeOf } from '../outcomes/toolOutcome.js';
import { following } from '../places/followingAddresses.js';
import { measure } from '../places/measure.js';
import type { ClientPlace, ToolTarget } from '../places/clientPlace.js';
import { putAgentBundle } from './bundle.js';
import { ownMac } from './ownMac.js';
import type { Work } from './work.js';

/** Faster than the agent gets: it opens a flow as soon as `concurrency` lets it. */
const rate = 100_000;
const allOver: FlowMilestone = 'opened';
/** Milliseconds between two signs of life to the agent, which ends without any. */
const heartbeatMs = 2000;
/** Seconds after which the agent ends in any case. */
const deadline = 600;

/** The raw load agent, with the conversation `server-first`. */
export async function agent(place: ClientPlace, work: Work): Promise<ToolOutcome> {
  const script = await putAgentBundle(place, work.scratch, 'lab/clients/raw');
  const profile = profileFor(place.target, await ownMac(place), work);
  let last: string | undefined;
  let write: (text: string) => void = () => undefined;
  const heartbeat = setInterval(() => {
    write('.\n');
  }, heartbeatMs);
  const { measured, output } = await measure(place, ['node', script], {
    begin: (toAgent) => {
      write = toAgent;
      write(`${JSON.stringify(profile)}\n`);
    },
    line: (line) => {
      if (line === `@@ ${allOver}`) write('stop\n');
      if (line.startsWith('{')) last = line;
    },
  }).finally(() => {
    clearInterval(heartbeat);
  });
  const report = last === undefined ? undefined : readFlowLine(last).report;
  if (report === undefined) throw new LabError('the agent came to no report', { details: output });
  const { closed, sent, received } = report;
  return toolOutcomeOf('agent', 'conversations', measured, {
    connections: closed,
    seconds: report.finishedAt - report.startedAt,
    sent,
    received,
    remarks: remarksOn(report),
  });
}

/** What the agent is told: `work.connections` flows, as a scenario's `flows` would be without any other key. */
export function profileFor(
  target: ToolTarget,
  mac: string,
  { connections, concurrency }: Pick<Work, 'connections' | 'concurrency'>,
): FlowProfile {
  const asked = { count: connections, rate, concurrency, sources: target.sources };
  const { mix = [], ...flows } = flowsSchema.parse({ ...asked, mix: [{ conversation: 'server-first' }] });
  const { vip, device, address, nextHop, firstSource, networks } = target;
  return {
    flows: { ...flows, mix },
    family: 'ipv4',
    ...{ vip, ports: [target.port], device, address, nextHop },
    sources: following(firstSource, target.sources),
    networks,
    gateways: [],
    mac,
    firstFlow: 0,
    mss: segmentSize('ipv4', new Set(['dr'])),
    deadline,
  };
}

function remarksOn({ fates, retransmitted, receiveDrops }: FlowReport): string[] {
  const remarks = Object.entries(fates)
    .filter(([fate, flows]) => fate !== 'closed' && flows > 0)
    .map(([fate, flows]) => `${flows} ${fate}`);
  if (retransmitted > 0) remarks.push(`${retransmitted} segments sent again`);
  if (receiveDrops > 0) remarks.push(`${receiveDrops} frames dropped at the socket`);
  return remarks;
}
