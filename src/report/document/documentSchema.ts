import { iptablesFlavours } from '../../contracts/words/nodes.js';
import { z } from 'zod';
import { engineIdentitySchema } from '../../engine/port/engineIdentity.js';
import { provenanceSchema } from '../../evidence/model/provenance.js';
import { notRunReasons } from '../../run/model/notRun.js';
import { ExitCode } from '../../support/errors.js';
import type { SerialisedError } from '../text/errorText.js';
import { resultKinds } from '../results/resultKind.js';
import { verdictSchema } from '../../verdict/model/verdictSchema.js';

/** The version of the document. It rises when a field changes its meaning or is removed; new fields may appear without that. */
export const resultsSchemaVersion = 2;

const text = z.string();

const cell = z.object({
  kernel: text.optional().describe('What --kernel named.'),
  image: text.optional().describe('What --image named.'),
  iptables: z.enum(iptablesFlavours).optional().describe('What --iptables named.'),
});

/** An error as plain data, in documents and in events of another process. */
export const errorSchema: z.ZodType<SerialisedError> = z
  .object({
    name: text,
    message: text.describe('What was expected, what was found, and where.'),
    details: text.optional().describe('Output worth seeing.'),
    hint: text.optional().describe('What to do next.'),
    get cause() {
      return errorSchema.optional();
    },
  })
  .meta({ id: 'error' });

const engine = z.object({
  kernel: cell.shape.kernel,
  image: cell.shape.image,
  identity: engineIdentitySchema,
  provenance: provenanceSchema.optional().describe('Left out when no lab was made.'),
});

const exitCode = z.literal(Object.values(ExitCode)).meta({ id: 'exitCode' });

const scenario = z.object({
  job: text.describe(
    "Name of the job, unique in its cell: the scenario's id, with what tells it from the scenario's others.",
  ),
  id: text.describe("The scenario's id."),
  repeat: z.number().int().positive().describe("Which time of the scenario's it was: 1, 2 ..."),
  cell: cell.describe('Where it ran, as it was asked for; what was not asked for is left out.'),
  file: text.optional().describe("Absolute path of the scenario's file, on the machine that ran it."),
  hash: text.optional().describe("SHA-256 of the scenario's file, in hexadecimal."),
  result: z
    .enum(resultKinds)
    .describe(
      '`inconclusive`: the lab was not sound; `refused`: the kernel or the tools did not take what the file loads; `broke`: there is no verdict, for the lab broke; `not-run`: the job was never started. None of these says anything about the scenario.',
    ),
  exitCode: exitCode.describe('What the command would have ended with if this had been all.'),
  verdict: verdictSchema
    .optional()
    .describe('Left out when the file was refused, the lab broke, or the job never started.'),
  directory: text.describe(
    "Where the evidence is, or would be: relative to the document's own `directory`, with slashes.",
  ),
  seconds: z.number().describe('Wall time; 0 when the job never started.'),
  notRun: z
    .enum(notRunReasons)
    .optional()
    .describe(
      'Why the job was never started: the run was interrupted, or its --deadline was over, or --stop-on-failure was given and another did not pass, or the engine died, or could not be opened, or the run ended early or was killed.',
    ),
  error: errorSchema.optional().describe('Why there is no verdict.'),
});

/** The document that `--json` prints, and that results.json in a run's directory contains. */
export const resultDocumentSchema = z.object({
  schema: z.literal(resultsSchemaVersion),
  tool: z.object({ name: z.literal('lvs-lab'), version: text }),
  runId: text
    .optional()
    .describe('Left out when recorded evidence was judged again, and of several runs together.'),
  directory: text
    .optional()
    .describe(
      "Absolute path of the run's directory when this was written; for results.json, the folder it is in now counts.",
    ),
  engines: z
    .array(engine)
    .readonly()
    .describe(
      'Each engine that jobs ran on, with the kernel and image that its cells name; empty when none could be opened.',
    ),
  mutated: z
    .boolean()
    .describe(
      'The scenarios were mutated, so `fail` is what was hoped for; `result` and `exitCode` are those of the verdicts.',
    ),
  seed: text.optional().describe('What the order was shuffled with; `--shuffle SEED` gives it again.'),
  scenarios: z
    .array(scenario)
    .readonly()
    .describe(
      'One a job, in the order in which they were asked for, those that were never started included.',
    ),
  exitCode: exitCode.describe('What the command ends with, unless --bisect maps it.'),
  error: errorSchema.optional().describe('What ended the run before it was over.'),
  sha256: z
    .string({
      error: 'there is none, so nothing shows that this is what was recorded: run the scenarios again',
    })
    .describe(
      'SHA-256, in hexadecimal, of all the rest as JSON without blanks: results that were changed are not believed.',
    ),
});

export type ResultDocument = z.infer<typeof resultDocumentSchema>;
export type ScenarioEntry = z.infer<typeof scenario>;
