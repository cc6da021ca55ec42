import { z } from 'zod';
import { predictedOutcomes } from '../../../prediction/model/predicted.js';
import type { TriedCures } from '../../../proof/cureProof.js';
import { curesJudged, wayOf } from '../cureWays.js';
import { serviceEnd } from '../serviceEnd.js';

const text = z.string();
const texts = z.array(text);

const opens = z.object({
  needed: texts.describe("What the services' connections need, and was kept out."),
  beside: texts.describe('Other packets to a service, from clients that it is open to.'),
  other: texts.describe('Packets to others, or from clients that are kept out else.'),
});

const proof = z
  .object({
    outcome: z
      .enum(predictedOutcomes)
      .describe('The worst that a service came to in the lab with this change.'),
    because: texts.describe('What speaks against it, or why it is not known.'),
    kernels: texts,
    byKernel: z
      .array(z.object({ kernel: text, outcome: z.enum(predictedOutcomes) }))
      .describe('The worst that a service came to on each.'),
    directory: text.describe('The directory of the run that has its evidence.'),
  })
  .meta({ id: 'cureProof' });

/** Of the document: a change of the site's files that cures its services. */
export const cureSchema = z
  .object({
    title: text,
    way: z.enum(Object.values(curesJudged)).describe('How it was judged, and with what result.'),
    proof: proof.optional().describe('Left out: it was not run.'),
    patch: text.describe('A unified diff of the files, as `patch -p0` takes it; empty: no file changes.'),
    settings: z.array(z.object({ key: text, value: text })),
    opens: opens.optional().describe('What it lets in that was kept out. Absent: too much to be listed.'),
    costs: texts.describe('What it brings beside that.'),
    apply: texts.describe('Commands for the director.'),
    check: texts,
    back: texts,
    keep: texts.describe('How it stays over a restart.'),
  })
  .meta({ id: 'cure' });

/** Of the document: why there is no cure. */
export const withoutCureSchema = z.object({
  at: z.object({ file: text, line: z.number().int() }).optional(),
  why: text,
});

/** The cures of a site in the form of the document; undefined: there is nothing to cure. */
export function cureDocuments(found: TriedCures | undefined): {
  readonly cures: readonly z.infer<typeof cureSchema>[];
  readonly withoutCure?: z.infer<typeof withoutCureSchema>;
  readonly unproven?: string | undefined;
} {
  const cures = (found?.cures ?? []).map((tried) => {
    const { title, patch, settings, opens: lets, costs, commands } = tried.cure;
    return {
      title,
      way: wayOf(tried),
      ...(tried.proof === undefined
        ? {}
        : {
            proof: {
              ...tried.proof,
              kernels: tried.proof.kernels.map(({ kernel }) => kernel),
              byKernel: [...tried.proof.kernels],
              because: tried.proof.because.map(({ service, why }) => `${serviceEnd(service)}: ${why}`),
            },
          }),
      patch,
      settings: [...settings],
      ...(lets === undefined
        ? {}
        : { opens: { needed: [...lets.needed], beside: [...lets.beside], other: [...lets.other] } }),
      costs: [...costs],
      apply: [...commands.apply],
      check: [...commands.check],
      back: [...commands.back],
      keep: [...commands.keep],
    };
  });
  const { without, unproven } = found ?? {};
  if (without === undefined) return { cures, unproven };
  const at = without.at === undefined ? {} : { at: { file: without.at.file, line: without.at.line } };
  return { cures, withoutCure: { ...at, why: without.why } };
}
