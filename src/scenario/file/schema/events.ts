import { moments, nodeActions } from '../../../contracts/words/events.js';
import * as z from 'zod';
import { ruleKeys } from '../../../contracts/words/rules.js';
import { duration } from './values/seconds.js';
import { sysctlsSchema } from './role.js';
import { flavour, ruleSetShape, withoutNul } from './rules.js';

const momentExpected = 'expected `connected`, `settled` or a duration such as `500ms`, `15s` or `2m`';

const eventSchema = z
  .strictObject({
    at: z
      .union([z.enum(moments, { error: momentExpected }), duration({ zero: true })], {
        error: momentExpected,
      })
      .describe(
        '`connected`: every connection is open, or has failed. `settled`: sockets have stopped changing. A duration: that long after `connected`.',
      ),
    on: z.string().describe('The node: client, router, director, director2, realserver1 ...'),
    iptables: flavour
      .optional()
      .describe("Which iptables loads the event's rules. Left out: the one of the node's role."),
    ...ruleSetShape,
    sysctls: sysctlsSchema.optional().describe('Sysctls to set.'),
    run: withoutNul(z.string().regex(/\S/, { error: 'expected a shell command' }))
      .optional()
      .describe('A shell command, such as `conntrack -F`.'),
    do: z
      .enum(nodeActions)
      .optional()
      .describe(
        "`stop-server`: the node's server program ends, its kernel stays. `take-vip`: director2 takes the VIP over.",
      ),
  })
  .superRefine((event, context) => {
    // A misspelt key has been reported as what it is.
    if (context.issues.length > 0) return;
    const rules = ruleKeys.filter((key) => event[key] !== undefined);
    const kinds = [
      ...(rules.length > 0 ? [rules.join(', ')] : []),
      ...(['sysctls', 'run', 'do'] as const).filter((key) => event[key] !== undefined),
    ];
    if (kinds.length !== 1) {
      const found = kinds.length === 0 ? 'nothing' : kinds.map((kind) => `\`${kind}\``).join(' and ');
      const message = `expected rules (${ruleKeys.join(', ')}), \`sysctls\`, \`run\` or \`do\`, one of them, found ${found}`;
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
    } else if (rules.length === 0 && event.iptables !== undefined) {
      const message = 'expected rules beside `iptables`, found none';
      context.addIssue({ code: 'custom', path: ['iptables'], message, params: { at: 'key' } });
    }
  });

/** The `events` section. */
export const eventsSchema = z.array(eventSchema).max(20);
