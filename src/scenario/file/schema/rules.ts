import { iptablesFlavours } from '../../../contracts/words/nodes.js';
import type { RuleKey, RuleTextKey } from '../../../contracts/words/rules.js';
import * as z from 'zod';
import { includeProblems } from '../checks/nftIncludes.js';
import { outlineProblems, type OutlineProblem } from '../checks/rulesText.js';
import { kindProblems } from '../checks/textKind.js';

/** The most characters of a text: enough for a block list of 50,000 rules, which has two million. */
const longestText = 2_500_000;
const mostCommands = 200;

/** A text without NUL, because a NUL ends each text and command on its way to a node; no program accepts one in them. */
export const withoutNul = (text: z.ZodString): z.ZodString =>
  text.superRefine((value, context) => {
    const place = value.indexOf('\0');
    if (place < 0) return;
    const line = value.slice(0, place).split('\n').length;
    context.addIssue({ code: 'custom', message: 'expected text, found a NUL byte in it', params: { line } });
  });

const text = () =>
  withoutNul(
    z
      .string()
      .max(longestText, {
        error: `expected at most ${longestText} characters (a set of \`ipset\` or nftables holds addresses by the hundred thousand, in fewer)`,
      })
      .regex(/\S/, { error: 'expected some text' }),
  );

const checkedText = (problemsOf: (text: string) => readonly OutlineProblem[]) =>
  text().superRefine((rules, context) => {
    for (const { message, line } of problemsOf(rules)) {
      context.addIssue({ code: 'custom', message, ...(line !== undefined && { params: { line } }) });
    }
  });

/** A text of the kind that its key takes, with nothing wrong in it that can be seen without a kernel. */
const textFor = (key: RuleTextKey, problemsOf: (text: string) => readonly OutlineProblem[] = () => []) =>
  checkedText((rules) => {
    const wrongKind = kindProblems(rules, key);
    return wrongKind.length > 0 ? wrongKind : problemsOf(rules);
  });

/**
 * The name of a rule file. Texts that could be read have replaced their names before the schema sees them; a name that is still there has
 * been reported already.
 */
const reference = z
  .strictObject({
    file: withoutNul(z.string().min(1)).describe(
      "A file that has the text and nothing else, as the packet filter's own program takes it; a path from the scenario file's folder.",
    ),
  })
  .transform(() => '');

/** A text itself, or the name of a file that contains it. */
const inFile = (inline: z.ZodType<string, string>) =>
  z.union([inline, reference], { error: 'expected text, or `{ file: PATH }` of a file that has it' });

/** A text of a program that is no packet filter's. */
export const fileText = inFile(text());

/** Which iptables loads the rules. */
export const flavour = z.enum(iptablesFlavours);

/** Keys of a packet filter, as roles and events have them. All texts may hold placeholders such as `${VIP}`, and each may be in a file of its own. */
export const ruleSetShape = {
  ipset: inFile(textFor('ipset'))
    .optional()
    .describe('Sets, as input of `ipset restore`; loaded before all rules.'),
  rules: inFile(textFor('rules', outlineProblems))
    .optional()
    .describe(
      'Packet filter as `iptables-save` prints it: `*table`, chains, rules, `COMMIT`. Left out, no rule is loaded. `${VIP}`, `${CLIENT}`, `${DIRECTOR}`, `${REALSERVER1}`, `${LAN}` and the like stand for addresses, `$${VIP}` for the text `${VIP}`. A text may be in a file: `{ file: my.iptables }`.',
    ),
  rules6: inFile(textFor('rules6', outlineProblems))
    .optional()
    .describe('The same for IPv6, as `ip6tables-save` prints it.'),
  nftables: inFile(textFor('nftables', includeProblems))
    .optional()
    .describe('Native nftables rules, as input of `nft -f`.'),
  commands: z
    .array(withoutNul(z.string().regex(/^[^\n]*\S[^\n]*$/, { error: 'expected a command on one line' })))
    .max(mostCommands)
    .optional()
    .describe(
      'Command lines such as `iptables -A INPUT ...`, run in order after all else is loaded; `iptables` and `ip6tables` are those of the flavour.',
    ),
} satisfies Record<RuleKey, z.ZodType>;
