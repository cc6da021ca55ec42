import type { Conversation, Step } from '../../contracts/agents/conversation.js';
import { clientKey } from '../../evidence/model/connectionKey.js';
import type { FlowEvidence } from '../../evidence/model/flowTypes.js';
import { complaints, type FaultyConnection } from './complaintText.js';
import type { Fault } from './fault.js';
import { compareSteps } from './compareSteps.js';
import type { Allowances } from './stepChecker.js';
import type { Transcript } from './transcript.js';

type FlowAllowances = Pick<Allowances, 'until' | 'acknowledgesAsTold'>;

/**
 * Compares the flows in the client's capture, which has some of them in full, with the conversations that the load is made of. Each
 * kind of difference is a sentence; `checked` says how many flows were compared.
 */
export function flowComplaints(
  conversations: readonly Conversation[],
  { sources, report, captureDrops, queueDrops }: FlowEvidence,
  client: string,
  transcripts: ReadonlyMap<string, readonly Transcript[]>,
): { readonly checked: number; readonly complaints: readonly string[] } {
  // What the capture lost would be missing here; that it did is said elsewhere.
  if (report === undefined || (captureDrops[client] ?? 0) > 0) return { checked: 0, complaints: [] };
  const sampled = [...transcripts].filter(([key]) =>
    sources.some((source) => key.startsWith(clientKey(source, 0).slice(0, -1))),
  );
  // A bare acknowledgement that the client's own queue dropped was sent, is in no capture, and is never sent again.
  const acknowledgesAsTold = Object.values(queueDrops[client] ?? {}).every((packets) => packets === 0);
  const faulty = sampled.flatMap(([key, uses]): FaultyConnection[] => {
    const fault = faultOf(conversations, uses, { until: report.finishedAt, acknowledgesAsTold });
    return fault === undefined ? [] : [{ key, fault }];
  });
  if (sampled.length === 0 && report.opened > 0) {
    const none =
      "The client's capture has none of the flows, so nothing shows that they did what the scenario says.";
    return { checked: 0, complaints: [none] };
  }
  return {
    checked: sampled.length,
    complaints: complaints(faulty, sampled.length, 'flows that were captured'),
  };
}

/**
 * The agent chooses a conversation for each flow, and nothing says which. So a flow is at fault when it matches none; the fault is
 * told by the conversation that it followed furthest.
 */
function faultOf(
  conversations: readonly Conversation[],
  uses: readonly Transcript[],
  allowances: FlowAllowances,
): Fault | undefined {
  let nearest: { readonly steps: number; readonly fault: Fault } | undefined;
  for (const { steps } of conversations) {
    const { done, fault } = followAll(connectionsOf(steps), uses, allowances);
    if (fault === undefined) return undefined;
    if (nearest === undefined || done > nearest.steps) nearest = { steps: done, fault };
  }
  return nearest?.fault;
}

function followAll(
  connections: readonly (readonly Step[])[],
  uses: readonly Transcript[],
  allowances: FlowAllowances,
): { readonly done: number; readonly fault: Fault | undefined } {
  let done = 0;
  const remaining = [...connections];
  for (const transcript of uses) {
    const steps = remaining.shift();
    if (steps === undefined) {
      return {
        done,
        fault: { asked: `${connections.length} connections from a port`, seen: 'there were more' },
      };
    }
    const followed = compareSteps(steps, transcript, { ...allowances, isExcused: false, joinsFin: false });
    done += followed.steps;
    if (followed.fault !== undefined) return { done, fault: followed.fault };
    if (followed.isWhole && transcript === uses.at(-1) && remaining.length > 0) {
      return { done, fault: { asked: 'that it is opened again from its port', seen: 'it was not' } };
    }
  }
  return { done, fault: undefined };
}

/** Cuts a conversation's steps where it opens its port again: a list of steps for each connection. */
function connectionsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const connections: Step[][] = [[]];
  for (const step of steps) {
    if (step.do === 'reopen') connections.push([{ do: 'open' }]);
    else connections.at(-1)?.push(step);
  }
  return connections;
}
