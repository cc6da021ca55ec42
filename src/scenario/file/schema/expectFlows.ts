import { flowShares, type FlowShare } from '../../../contracts/words/flowFates.js';
import { tcpStates } from '../../../contracts/words/network.js';
import { outcomes } from '../../../contracts/words/outcomes.js';
import * as z from 'zod';
import type { FlowExpectation } from '../../model/expectation.js';
import { countBounds, percentBounds, timeBounds } from './values/bounds.js';

/** States that sockets of flows can have; nobody counts listening ones. */
export const socketStates = tcpStates.filter((state) => state !== 'LISTEN');

/** States that an IPVS entry can stay in, as `ipvsadm -Lnc` spells them. */
const ipvsStates = [
  ...['NONE', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT'],
  ...['LAST_ACK', 'LISTEN', 'SYNACK', 'UDP'],
];

/** A map from words to bounds; a state that there is not is an unknown key. */
export function byState(states: readonly string[], what: string) {
  const entries = states.map(
    (state) =>
      [
        state,
        countBounds(`The number in ${state}`).optional().describe(`Bounds on the ${what} in ${state}.`),
      ] as const,
  );
  return z
    .strictObject(Object.fromEntries(entries))
    .transform((given) =>
      Object.fromEntries(Object.entries(given).flatMap(([state, bound]) => (bound ? [[state, bound]] : []))),
    );
}

const share = (ending: string) =>
  percentBounds('The share')
    .optional()
    .describe(`Bounds on the percentage of the flows opened that ${ending}.`);

const endings: Readonly<Record<FlowShare, string>> = {
  closed: "are closed by both sides, or by the client's reset",
  stuck: 'get stuck: opening, in the transfer, closing, or closing with data',
  reset: 'are reset by somebody else after they were connected',
  refused: 'get a reset or an ICMP error for their SYN',
  held: 'are left open on purpose',
  answered: 'are of UDP, and had every request answered',
  unanswered: 'are of UDP, and had a request that was not answered',
};

const shares = Object.fromEntries(flowShares.map((name) => [name, share(endings[name])])) as Record<
  FlowShare,
  ReturnType<typeof share>
>;

/** The `flows` part of the `expect` section. */
export const expectFlowsSchema = z
  .strictObject({
    outcome: z
      .enum(outcomes)
      .optional()
      .describe("What happens to the flows as a whole. Left out: the scenario's own `outcome`."),
    share: percentBounds('The share')
      .optional()
      .describe(
        'Bounds on the percentage of the flows that have the outcome, for a scenario where they fare differently. Left out: all of them, but for one in a thousand.',
      ),
    ...shares,
    sockets: byState(socketStates, "flows' sockets at one moment, on each realserver,")
      .optional()
      .describe(
        'Socket state, as `ss` spells it, and bounds on the most sockets of flows in it at one moment, on each realserver.',
      ),
    ipvs: byState(ipvsStates, "flows' IPVS entries at one moment")
      .optional()
      .describe(
        'IPVS state, as `ipvsadm -Lnc` spells it, and bounds on the most entries of flows in it at one moment, on the director that has most.',
      ),
    connect: timeBounds('The 99th percentile')
      .optional()
      .describe('Bounds on the time from the SYN to the SYN-ACK, at the 99th percentile of all flows.'),
    'first-byte': timeBounds('The 99th percentile')
      .optional()
      .describe(
        'Bounds on the time from the SYN to the first byte of the reply, at the 99th percentile of all flows.',
      ),
  })
  .transform((given): FlowExpectation => {
    const { outcome, sockets, ipvs, connect } = given;
    const bounded = flowShares.map((name) => [name, given[name]] as const);
    return {
      outcome,
      share: given.share,
      shares: Object.fromEntries(bounded.filter(([, bounds]) => bounds !== undefined)),
      sockets: sockets ?? {},
      ipvs: ipvs ?? {},
      connect,
      firstByte: given['first-byte'],
    };
  });
