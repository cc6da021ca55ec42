import { rateContradictions } from '../../../contracts/agents/loadContradictions.js';
import { afterReplies, flowCloses, finAcks, awaitedThings } from '../../../contracts/words/conversations.js';
import type { Conversation, Step } from '../../../contracts/agents/conversation.js';
import * as z from 'zod';
import { stepProblems } from '../../../contracts/agents/stepOrder.js';
import { builtInConversation, conversationNames, customName } from '../../model/builtInConversations.js';
import { noReply, thinkTime } from './values/serverReplies.js';
import { byteSize } from './values/byteSize.js';
import { duration } from './values/seconds.js';

const mostSteps = 100;

const plainSteps = ['open', 'send', 'reopen', 'hold'] as const;

type PlainStep = (typeof plainSteps)[number];

/** A short request, and the server closes behind its reply. */
const plainSend: Step = { do: 'send', then: 'close', upload: 0, download: 0, rate: 0 };

const sendSchema = z
  .strictObject({
    then: z
      .enum(afterReplies)
      .prefault('close')
      .describe('Whether the realserver is asked to close behind its reply, or to keep the connection.'),
    upload: byteSize()
      .prefault(0)
      .describe('Body of the request, in bytes or such as `64KiB` or `1MiB`. 0: a GET.'),
    download: byteSize()
      .prefault(0)
      .describe('Body of the reply, in bytes or such as `64KiB` or `1MiB`. 0: a short text.'),
    rate: byteSize()
      .prefault(0)
      .describe('Bytes a second at which upload or download goes, or such as `32KiB`. 0: as fast as it can.'),
    think: thinkTime().describe(
      'Time that the realserver takes before it answers, in whole seconds. Left out: none.',
    ),
    reply: noReply().describe(
      '`false`: the realserver reads all of it and never answers, and closes when the client has. Left out: it answers.',
    ),
  })
  .superRefine(({ upload, download, rate, think, reply }, context) => {
    if (context.issues.length > 0) return;
    if (reply === false)
      for (const key of [...(download > 0 ? ['download'] : []), ...(think === undefined ? [] : ['think'])]) {
        const message = `expected no \`${key}\` beside \`reply: false\`, found one; a realserver that never answers sends nothing`;
        context.addIssue({ code: 'custom', path: [key], message, params: { at: 'key' } });
      }
    if (upload > 0 && download > 0) {
      const message = 'expected `upload` or `download`, found both; make them two requests';
      context.addIssue({ code: 'custom', path: ['download'], message, params: { at: 'key' } });
    } else {
      for (const { path, at, message } of rateContradictions({ upload, download, rate }))
        context.addIssue({ code: 'custom', path: [...path], message, params: { at } });
    }
  });

const closeHow = z.enum(flowCloses);

const closeSchema = z.union([
  closeHow,
  z.strictObject({
    how: closeHow.describe('`fin`, `rst`, or `half`: a FIN, behind which the server may still send.'),
    ack: z
      .enum(finAcks)
      .prefault('apart')
      .describe("Whether the server's FIN is acknowledged by a segment of its own, or by the client's FIN."),
  }),
]);

/** What a step with something to say is written as; one of the keys. */
const stepMap = z
  .strictObject({
    send: sendSchema
      .optional()
      .describe('Sends a request. Plain `send`: a GET, and the server closes behind its reply.'),
    expect: z
      .enum(awaitedThings)
      .optional()
      .describe(
        "Waits for all of the last request's `reply`, for the server's `fin`, or until all that was sent is `acked`.",
      ),
    wait: duration().optional().describe('Does nothing for this long.'),
    close: closeSchema
      .optional()
      .describe(
        'Closes: `fin`, `rst`, or `half` (a FIN, and the server may still send); or a map of `how` and `ack`.',
      ),
  })
  .superRefine((step, context) => {
    // A misspelt key has been reported as what it is.
    if (context.issues.length > 0) return;
    const given = Object.keys(step);
    if (given.length === 1) return;
    const found = given.length === 0 ? 'nothing' : given.map((key) => `\`${key}\``).join(' and ');
    context.addIssue({
      code: 'custom',
      message: `expected a step of one key (send, expect, wait or close), found ${found}`,
    });
  })
  .transform(({ send, expect, wait, close }): Step => {
    if (send !== undefined) return { do: 'send', ...send };
    if (expect !== undefined) return { do: 'expect', what: expect };
    if (wait !== undefined) return { do: 'wait', seconds: wait };
    // It has no key, which has been reported.
    if (close === undefined) return z.NEVER;
    return { do: 'close', ...(typeof close === 'string' ? { how: close, ack: 'apart' } : close) };
  });

const step = z.union([
  z.enum(plainSteps).transform((name: PlainStep): Step => (name === 'send' ? plainSend : { do: name })),
  stepMap,
]);

const steps = z
  .array(step)
  .max(mostSteps)
  .superRefine((given, context) => {
    if (context.issues.length > 0) return;
    for (const { index, message } of stepProblems(given)) {
      const path = index === undefined ? [] : [index];
      context.addIssue({ code: 'custom', path, message, params: { at: 'value' } });
    }
  })
  .transform((given): Conversation => ({ name: customName, steps: given }));

/** A built-in conversation by its name, or a list of steps. */
export const conversationKeySchema = z.union([
  z.enum(conversationNames).transform(builtInConversation),
  steps,
]);
