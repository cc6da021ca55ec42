import * as z from 'zod';
import { flavour, ruleSetShape } from './rules.js';
import { shapeChanges } from './values/shapeChanges.js';

const sysctlKey = z
  .string()
  .regex(/^net\.[\w./-]+$/, { error: 'expected a sysctl of a network namespace, which starts with `net.`' });

const interfaceName = z.string().regex(/^[A-Za-z][\w.@-]{0,14}[+*]?$/, {
  error: 'expected the name of an interface, such as `bond0`',
});

const sysctlValue = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\S+(?:[ \t]+\S+)*$/, { error: 'expected the value on one line, without blanks around it' }),
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
  interfaces: z
    .record(interfaceName, z.enum(['lo', 'eth0', 'eth1', 'tunl0', 'ip6tnl0', 'none']))
    .prefault({})
    .describe(
      "The site's names of interfaces, each with the lab's: `{ bond0: eth0 }`. Rules, commands and sysctls that name the one get the other; `none`: it has no part in the service.",
    ),
  sysctls: sysctlsSchema
    .prefault({})
    .describe(
      'Sysctls of the network namespace, set before the rules are loaded, after the control run; keys start with `net.`.',
    ),
};

/** A `client`, `router`, `director` or `realserver` section. */
export const roleSchema = z.strictObject(roleShape);

/** The `nodes` section: what single nodes have in place of what their role has. */
export const nodesSchema = z.record(z.string(), z.strictObject(shapeChanges(roleShape)));
