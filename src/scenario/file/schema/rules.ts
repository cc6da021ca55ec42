import { iptablesFlavours } from '../../../contracts/words/nodes.js';
import * as z from 'zod';
import { outlineProblems } from '../checks/rulesText.js';

/** Characters: room for a block list of 50,000 rules, two megabytes of them. */
const longestText = 2_500_000;
const mostCommands = 200;

/** Texts and commands travel to a node each ended by a NUL; no program takes one as part of them anyway. */
export const withoutNul = (text: z.ZodString): z.ZodString =>
  text.refine((value) => !value.includes('\0'), { error: 'expected text, found a NUL byte in it' });

const text = () =>
  withoutNul(
    z
      .string()
      .max(longestText, {
        error: `expected at most ${longestText} characters (a set of \`ipset\` or nftables holds addresses by the hundred thousand, in fewer)`,
      })
      .regex(/\S/, { error: 'expected some text' }),
  );

/** iptables-save text whose outline is right. */
const saveText = () =>
  text().superRefine((rules, context) => {
    for (const { message, line } of outlineProblems(rules)) {
      context.addIssue({ code: 'custom', message, ...(line !== undefined && { params: { line } }) });
    }
  });

/** Which iptables loads the rules. */
export const flavour = z.enum(iptablesFlavours);

/** Keys of a packet filter, as roles and events have them. All texts may hold placeholders such as `${VIP}`. */
export const ruleSetShape = {
  ipset: text().optional().describe('Sets, as input of `ipset restore`; loaded before all rules.'),
  rules: saveText()
    .optional()
    .describe(
      'Packet filter as `iptables-save` prints it: `*table`, chains, rules, `COMMIT`. Left out, no rule is loaded. `${VIP}`, `${CLIENT}`, `${DIRECTOR}`, `${REALSERVER1}`, `${LAN}` and the like stand for addresses, `$${VIP}` for the text `${VIP}`.',
    ),
  rules6: saveText().optional().describe('The same for IPv6, as `ip6tables-save` prints it.'),
  nftables: text().optional().describe('Native nftables rules, as input of `nft -f`.'),
  commands: z
    .array(withoutNul(z.string().regex(/^[^\n]*\S[^\n]*$/, { error: 'expected a command on one line' })))
    .max(mostCommands)
    .optional()
    .describe(
      'Command lines such as `iptables -A INPUT ...`, run in order after all else is loaded; `iptables` and `ip6tables` are those of the flavour.',
    ),
};
