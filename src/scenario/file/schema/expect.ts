import { roles } from '../../../contracts/words/nodes.js';
import { outcomes } from '../../../contracts/words/outcomes.js';
import * as z from 'zod';
import { type Signal } from '../../model/expectation.js';
import { countBounds, timeBounds } from './bounds.js';
import { expectFlowsSchema } from './expectFlows.js';

const from = z
  .enum(roles)
  .describe(
    'Who sent it. Director and realserver share the VIP as source; the MAC address tells them apart. `router` needs `topology.network: routed`.',
  );

const icmpSignal = z
  .strictObject({
    icmp: z
      .string()
      .regex(/^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\/(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/, {
        error: 'expected ICMP type and code such as `3/10`, each 0 to 255',
      })
      .describe(
        'Type and code of ICMP, or of ICMPv6 in an IPv6 topology: `3/10` is destination unreachable, host administratively prohibited; `1/1` the like in IPv6.',
      ),
    from,
  })
  .transform((signal): Signal => {
    const [type = 0, code = 0] = signal.icmp.split('/').map(Number);
    return { kind: 'icmp', type, code, from: signal.from };
  });

const resetSignal = z
  .strictObject({ 'tcp-reset': z.strictObject({ from }).describe('A TCP segment with RST.') })
  .transform((signal): Signal => ({ kind: 'tcp-reset', from: signal['tcp-reset'].from }));

const signalExpected = 'expected `silence`, or a map with `icmp` or `tcp-reset`';

const silence = z
  .literal('silence', { error: signalExpected })
  .transform((): Signal => ({ kind: 'silence' }));

/** The `expect` section. */
export const expectSchema = z
  .strictObject({
    outcome: z
      .enum(outcomes)
      .describe('What happens to the connections: to all, unless `connections` says otherwise.'),
    connections: countBounds('The number')
      .optional()
      .describe(
        'Bounds on the number of connections that have the outcome, for a scenario where they fare differently. Left out: all of them.',
      ),
    signal: z
      .union([icmpSignal, resetSignal, silence], { error: signalExpected })
      .optional()
      .describe(
        'How the packet filter shows itself: an ICMP error, a TCP reset, or `silence`. Left out: any.',
      ),
    connect: timeBounds('The median')
      .optional()
      .describe('Bounds on the median time that connect() took in the measured run. Left out: any.'),
    flows: expectFlowsSchema
      .optional()
      .describe(
        'What the raw-socket load must show beside its outcome; needs `flows`. Left out: the same outcome.',
      ),
  })
  .superRefine(({ outcome, signal }, context) => {
    if ((outcome !== 'healthy' && outcome !== 'bypassed') || signal === undefined) return;
    const message = `expected no signal with \`outcome: ${outcome}\`, found one; a ${outcome} connection has none`;
    context.addIssue({ code: 'custom', path: ['signal'], message, params: { at: 'key' } });
  });
