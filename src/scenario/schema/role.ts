import * as z from 'zod';
import { outlineProblem } from '../rulesText.js';

const sysctlKey = z
  .string()
  .regex(/^net\.[\w.-]+$/, { error: 'expected a sysctl of a network namespace, which starts with `net.`' });

const sysctlValue = z.union([
  z.number().int(),
  z.string().regex(/^\S+(?:[ \t]+\S+)*$/, { error: 'expected the value on one line' }),
]);

/** A `director`, `realserver` or `client` section. */
export const roleSchema = z.strictObject({
  iptables: z
    .enum(['nft', 'legacy'])
    .prefault('nft')
    .describe('Which iptables loads the rules: `nft` (nf_tables in the kernel) or `legacy` (ip_tables).'),
  rules: z
    .string()
    .superRefine((text, context) => {
      const problem = outlineProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional()
    .describe(
      'Packet filter as `iptables-save` prints it: `*table`, chains, rules, `COMMIT`. Left out, no rule is loaded.',
    ),
  sysctls: z
    .record(sysctlKey, sysctlValue)
    .prefault({})
    .transform((values) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
    )
    .describe('Sysctls of the network namespace, set when the container is created; keys start with `net.`.'),
});
