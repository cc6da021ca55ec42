import * as z from 'zod';
import { machineFactsSchema } from '../usage/machineFacts.js';
import { usageSchema } from '../usage/usage.js';
import { caseOutcomeSchema } from './caseOutcome.js';

/** One turn: all cases by the script, and then by the lab. */
const turnSchema = z.object({
  /** `controlSeconds`: how much of its time went into runs without rules, one a case. */
  script: z.object({ ...usageSchema.shape, controlSeconds: z.number() }),
  lab: usageSchema,
});

export type Turn = Readonly<z.infer<typeof turnSchema>>;

/** results/case.json: the figures of one `npm run bench:case`, and what they were measured on. */
export const caseResultSchema = z.object({
  /** When, in ISO 8601. */
  at: z.string(),
  command: z.string(),
  machine: machineFactsSchema.extend({
    node: z.string(),
    /** Of the guest, in which the script and the lab's nodes run. */
    guestKernel: z.string(),
    accelerator: z.string(),
    /** How many processors the guest of the script has; the lab decides on its own guests. */
    guestProcessors: z.number(),
  }),
  work: z.object({
    /** How many cases the script does at a time. */
    atOnce: z.number(),
  }),
  /** What both sides came to, in every turn. */
  outcomes: z.array(caseOutcomeSchema),
  turns: z.array(turnSchema),
});

export type CaseResult = Readonly<z.infer<typeof caseResultSchema>>;
