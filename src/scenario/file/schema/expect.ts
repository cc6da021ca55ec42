import { blameKinds, entryFaults, serviceFaults, strayPackets } from '../../../contracts/words/blame.js';
import { roles } from '../../../contracts/words/nodes.js';
import { isServed, outcomes } from '../../../contracts/words/outcomes.js';
import * as z from 'zod';
import type { Expectation, ExpectedBlame, ExpectedOfSome, Signal } from '../../model/expectation.js';
import { countBounds, timeBounds } from './values/bounds.js';
import { byState, expectFlowsSchema, socketStates } from './expectFlows.js';

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

const text = z.string().trim().min(1);

/** `blame`: one of what can be to blame, and whose it is. */
const blameSchema = z
  .strictObject({
    rule: text
      .optional()
      .describe(
        'A rule, as its file has it or as the node lists it: `-A INPUT -j REJECT --reject-with icmp-host-prohibited`.',
      ),
    policy: text.optional().describe('The policy of a chain: `INPUT DROP`.'),
    sysctl: text
      .optional()
      .describe(
        'A setting without which the rules would have let the packet in: `net.netfilter.nf_conntrack_tcp_loose=0`.',
      ),
    counter: text
      .optional()
      .describe('A counter of what the kernel itself threw away: `conntrack drop`, or one of `nstat`.'),
    'ipvs-service': z
      .enum(serviceFaults)
      .optional()
      .describe('IPVS had no such service when the packet came, or found no realserver for it.'),
    'ipvs-entry': z
      .enum(entryFaults)
      .optional()
      .describe(
        'IPVS had no entry of the connection any more, one whose realserver is none of the service, or one of a realserver with weight 0.',
      ),
    path: z
      .enum(strayPackets)
      .optional()
      .describe(
        "Clients' packets (`requests`) or the realservers' (`replies`) go past the director, or what it sends on does not come to the realserver (`forwarded`), or comes from an address of the realserver's own (`martians`).",
      ),
    on: z.enum(roles).optional().describe('Whose it is. Left out: of any node.'),
  })
  .transform((blame, context): ExpectedBlame => {
    const { on } = blame;
    const named = blameKinds.flatMap((kind) => {
      const what = blame[kind];
      return what === undefined ? [] : [{ kind, what, ...(on === undefined ? {} : { on }) }];
    });
    const [only, ...others] = named;
    if (only !== undefined && others.length === 0) return only;
    const found = named.length === 0 ? 'none' : named.map(({ kind }) => `\`${kind}\``).join(' and ');
    context.addIssue({
      code: 'custom',
      message: `expected one of ${blameKinds.map((kind) => `\`${kind}\``).join(', ')}, found ${found}`,
      params: { at: 'key' },
    });
    return z.NEVER;
  });

/** `realservers.NODE`, and `later`. */
const someSchema = z
  .strictObject({
    outcome: z
      .enum(outcomes)
      .optional()
      .describe('What happened to them. Left out: whatever it was, they are counted.'),
    connections: countBounds('The number')
      .optional()
      .describe('Bounds on how many of them had the outcome. Left out: all of them, and at least one.'),
  })
  .transform(({ outcome, connections }): ExpectedOfSome => ({
    ...(outcome === undefined ? {} : { outcome }),
    ...(connections === undefined ? {} : { connections }),
  }));

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
    'first-byte': timeBounds('The median')
      .optional()
      .describe(
        'Bounds on the median time from the opening of a connection to the first byte of its (last) reply. Left out: any.',
      ),
    mix: byState(outcomes, 'connections')
      .optional()
      .describe(
        'Each outcome that connections of one run come to, and bounds on how many: `{ healthy: { at-least: 3 }, unreachable: { at-most: 3 } }`. All of it must hold; `outcome` is then one of them.',
      ),
    realservers: z
      .record(z.string(), someSchema)
      .optional()
      .describe('What is expected of the connections that one node served, by its name.'),
    later: someSchema
      .optional()
      .describe(
        'What is expected of the connections of `load.later`; `outcome` and `connections` are then about the others. Left out: the same as of those.',
      ),
    sockets: z
      .record(z.string(), byState(socketStates, 'sockets at the end'))
      .optional()
      .describe(
        'Sockets of the service that a node has when all has settled, by node and state, as `ss` spells it.',
      ),
    blame: blameSchema
      .optional()
      .describe(
        'What is to blame when the run is explained (`run --explain`), held against what the followed packets show. Left out: anything.',
      ),
    flows: expectFlowsSchema
      .optional()
      .describe(
        'What the raw-socket load must show beside its outcome; needs `flows`. Left out: the same outcome.',
      ),
  })
  .superRefine(({ outcome, signal }, context) => {
    if (!isServed(outcome) || signal === undefined) return;
    const message = `expected no signal with \`outcome: ${outcome}\`, found one; a ${outcome} connection has none`;
    context.addIssue({ code: 'custom', path: ['signal'], message, params: { at: 'key' } });
  })
  .transform(({ 'first-byte': firstByte, mix, realservers, later, sockets, ...rest }): Expectation => ({
    ...rest,
    ...(firstByte === undefined ? {} : { firstByte }),
    ...(mix === undefined ? {} : { mix }),
    ...(realservers === undefined ? {} : { realservers }),
    ...(later === undefined ? {} : { later }),
    ...(sockets === undefined ? {} : { sockets }),
  }));
