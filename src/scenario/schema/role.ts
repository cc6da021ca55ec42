import * as z from 'zod';
import { flavour, ruleSetShape } from './rules.js';

const sysctlKey = z
  .string()
  .regex(/^net\.[\w./-]+$/, { error: 'expected a sysctl of a network namespace, which starts with `net.`' });

const sysctlValue = z.union([
  z.number().int(),
  z.string().regex(/^\S+(?:[ \t]+\S+)*$/, { error: 'expected the value on one line' }),
]);

/** Sysctls by name; text after parsing. */
export const sysctlsSchema = z
  .record(sysctlKey, sysctlValue)
  .transform((values) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
  );

/** Keys of a `client`, `router`, `director` or `realserver` section. */
export const roleShape = {
  iptables: flavour
    .prefault('nft')
    .describe('Which iptables loads the rules: `nft` (nf_tables in the kernel) or `legacy` (ip_tables).'),
  ...ruleSetShape,
  sysctls: sysctlsSchema
    .prefault({})
    .describe(
      'Sysctls of the network namespace, set before the rules are loaded, after the control run; keys start with `net.`.',
    ),
};

/** A `client`, `router`, `director` or `realserver` section. */
export const roleSchema = z.strictObject(roleShape);
