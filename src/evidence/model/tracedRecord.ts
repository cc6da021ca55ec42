import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { ruleKeys } from '../../contracts/words/rules.js';

const text = z.string();

/** A text of the packet filter that a node loaded, and where its author wrote it. */
const ruleSource = z.object({
  kind: z.enum(ruleKeys),
  /** As the node got it. */
  text,
  /** The file, as people see it from where the run was started. */
  file: text,
  /** The line of its first line, or of the whole text where its lines are not lines of the file. */
  line: z.number().int().positive(),
  byLine: z.boolean(),
});

/** The contents of traced/explain.json: where packets were followed, and where what the nodes loaded is written. */
export const tracedRecordSchema = z.object({
  /** How many connections were made. */
  connections: z.number().int().nonnegative(),
  nodes: z.array(
    z.object({
      name: z.string().regex(/^[\w-]+$/),
      /** In the order in which they were loaded. */
      sources: z.array(ruleSource),
    }),
  ),
  /** The kernel's own functions: whether packets were followed there, which then is in kernel.traced, and if not, why. Left out: nobody tried. */
  kernel: z.object({ isFollowed: z.boolean(), lacking: z.array(text) }).optional(),
  /** Why packets may not have been followed everywhere, as one sentence each. */
  problems: z.array(text),
});

export type TracedRecord = Immutable<z.infer<typeof tracedRecordSchema>>;
/** A text of the packet filter that a node loaded, and where its author wrote it. */
export type RuleSource = Immutable<z.infer<typeof ruleSource>>;
