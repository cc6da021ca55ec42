import { type IptablesFlavour, iptablesFlavours } from '../../contracts/words/nodes.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { packageRoot } from '../../support/packageRoot.js';

/** A distribution that `--image` knows by name. */
export interface Distribution {
  /** The name; except for Debian's suites it is also the reference in a registry. */
  readonly name: string;
  readonly iptables: readonly IptablesFlavour[];
  /** Whether it has been run with this lab. */
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

/** Reads the text of distributions.yaml, in its order. Throws an Error for anything it does not understand. */
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
