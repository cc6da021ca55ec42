import { z } from 'zod';
import { blameKinds } from '../../contracts/words/blame.js';
import { roles } from '../../contracts/words/nodes.js';
import { outcomes } from '../../contracts/words/outcomes.js';

const text = z.string();
const count = z.number().int().nonnegative();
const list = <T extends z.ZodType>(each: T) => z.array(each).readonly();

/** A line of a file that a rule is written on. */
const place = { file: text.optional(), line: count.optional() };

const fact = z.object({
  /** What is told: who let packets before it pass, what became of them, the packet, and so on. */
  kind: z.enum([
    'let-in',
    'sent-on',
    'freed',
    'entry',
    'packet',
    'state',
    'sysctl',
    'no-match',
    'refused',
    'answered',
    'unseen',
    'again',
    'other',
  ]),
  node: text.optional(),
  rule: text.optional().describe('As the node lists it.'),
  ...place,
  state: text.optional().describe('What connection tracking called the packet.'),
  sysctl: text.optional().describe('A setting of the node, without which the packet would have been let in.'),
  packet: text.optional().describe('`TCP FIN,ACK` and the like.'),
  number: count
    .optional()
    .describe('Of the packet, among those of the connection that came to that node, or left it, from 1.'),
  frame: count.optional().describe('Of the packet, in traced/NODE.pcap, from 1, as Wireshark has it.'),
  seconds: z.number().optional().describe("From the connection's first packet there."),
  text: text.describe('The same for people.'),
});

/** What is to blame, as far as packets that were followed show. */
export const explanationSchema = z
  .object({
    blame: z
      .object({
        kind: z.enum(blameKinds),
        what: text.describe('The rule or policy as the node lists it, the counter, the setting, or a word.'),
        written: text.optional().describe('The rule as its author wrote it.'),
        ...place,
        node: text.optional(),
        role: z.enum(roles).optional(),
      })
      .optional()
      .describe('Left out: the followed packets do not explain what was measured.'),
    summary: list(text).describe('The same in a few lines, for people.'),
    connections: list(
      z.object({
        client: text,
        fate: z.enum([...outcomes, 'unexplained']),
        facts: list(fact),
      }),
    ).describe('Of the connections that were made while packets were followed, those that were not healthy.'),
    doubts: list(text).describe('Why it is not explained; empty when it is.'),
    lacking: list(text).describe('What could not be seen, and why.'),
  })
  .meta({ id: 'explanation' });
