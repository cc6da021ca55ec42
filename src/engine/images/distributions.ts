import { type IptablesFlavour, iptablesFlavours } from '../../contracts/words/nodes.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { packageRoot } from '../../support/packageRoot.js';

/** What is known of an image that has a name. */
export interface Distribution {
  /** Also the reference that a registry knows it by, but for Debian's suites. */
  readonly name: string;
  readonly iptables: readonly IptablesFlavour[];
  /** False: nobody has run it with this lab yet. */
  readonly tried: boolean;
  readonly note: string | undefined;
}

const schema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9/._-]*:[a-z0-9._-]+$/),
  z.strictObject({
    iptables: z.array(z.enum(iptablesFlavours)).min(1),
    tried: z.boolean(),
    note: z.string().optional(),
  }),
);

/** Reads the text of distributions.yaml, in its order. Throws on what it does not understand. */
export function parseDistributions(text: string): readonly Distribution[] {
  return Object.entries(schema.parse(parse(text))).map(([name, { iptables, tried, note }]) => ({
    name,
    iptables,
    tried,
    note,
  }));
}

/** Every distribution that `--image` knows by name. */
export function readDistributions(): readonly Distribution[] {
  return parseDistributions(readFileSync(path.join(packageRoot, 'images', 'distributions.yaml'), 'utf8'));
}
