import { z } from 'zod';
import { families, forwardings } from '../../../contracts/words/network.js';
import { packetFates, senders } from '../../../prediction/model/prediction.js';
import type { TriedCures } from '../../../proof/cureProof.js';
import type { Prediction } from '../../../prediction/predict.js';
import type { Site } from '../../../site/model/site.js';
import { treatments } from '../../../site/model/siteProblem.js';
import { fileKinds } from '../../../site/model/sourceFile.js';
import type { ServicePrediction } from '../../../prediction/model/prediction.js';
import { ExitCode } from '../../../support/errors.js';
import { outcomes } from '../../../contracts/words/outcomes.js';
import { cureDocuments, cureSchema, withoutCureSchema } from './cureDocument.js';
import { shownOutcome, shownOutcomes } from '../../../prediction/model/shownOutcome.js';
import { type ShownProof, wayUsed, waysUsed } from '../predictionText.js';

/** The version of the document. It rises when a field changes its meaning or is removed; new fields may appear without that. */
export const checkSchemaVersion = 1;

const text = z.string();

const line = z
  .object({
    file: text,
    line: z.number().int(),
    text: text.describe('The line, without the blanks around it.'),
  })
  .meta({ id: 'line' });

const outcome = z.enum(shownOutcomes).meta({ id: 'outcome' });

const unknown = z
  .object({ at: line, match: text.describe('What it depends on.'), why: text })
  .meta({ id: 'unknown' });

const packet = z
  .object({
    packet: text,
    from: z.enum(senders),
    state: text.describe('What conntrack makes of it before IPVS has it.'),
    fate: z.enum(packetFates),
    through: z.array(line).describe('The rules that let it through.'),
    by: z.array(z.object({ at: line, how: text, chain: text })).describe('What ends it, or may.'),
    missed: z.array(line).describe('Rules that would let it through in another state.'),
    because: z.array(unknown).describe('What cannot be known, where its fate is unknown.'),
  })
  .meta({ id: 'packet' });

const service = z.object({
  protocol: z.enum(['tcp', 'udp']),
  family: z.enum(families),
  vip: text,
  port: z.number().int(),
  fwmark: z.number().int().optional(),
  servers: z.array(
    z.object({
      address: text,
      port: z.number().int(),
      forwarding: z.enum(forwardings),
      isLocal: z.boolean(),
    }),
  ),
  at: z.object({ file: text, line: z.number().int() }).optional().describe('Where the files have it.'),
});

const situation = z.object({ clientSide: text.optional(), serverSide: text.optional(), outcome });

const trial = z.object({
  behaviour: text.describe('How clients use a connection and end it.'),
  kernel: text.optional(),
  outcome: z.enum(outcomes).optional().describe('Left out: `doubts` say why.'),
  client: text.optional().describe("The state that most clients' ends are left in."),
  realserver: text.optional(),
  connections: z.number().int(),
  doubts: z.array(text),
  directory: text.describe('Where its evidence is.'),
});

const proof = z
  .object({
    trials: z.array(trial),
    kernels: z
      .array(z.object({ kernel: text, outcome }))
      .describe('What it came to on each kernel that is known.'),
    open: text.optional().describe('Why it cannot be told although the lab was healthy.'),
    faults: z.array(text).describe('Where prediction and lab disagree; the lab counts.'),
  })
  .meta({ id: 'proof', description: 'What it came to in the lab.' });

const realserver = z
  .object({
    servers: z.array(text).describe('The addresses of those that it is about.'),
    from: text.describe('Whose files were read, as it was given.'),
    outcome,
    packets: z.array(packet),
    clients: text.optional(),
    situations: z.array(situation),
    because: z.array(unknown),
    assumed: z.array(z.object({ text, at: line.optional() })),
  })
  .meta({ id: 'realserver', description: "What realservers' own rules do to a service." });

const probe = z
  .object({
    passed: z.array(text).describe('Packets that got as far as IPVS would take them.'),
    stopped: z.array(text),
    faults: z.array(text).describe('Where prediction and kernel disagree; the kernel counts.'),
  })
  .meta({ id: 'probe', description: 'What became of packets that were sent through the rules.' });

const prediction = z.object({
  service,
  outcome: outcome.describe(
    "The lab's, where it was run, that of packets that were sent through the rules, or the predicted one.",
  ),
  predicted: outcome,
  proof: proof.optional().describe('Left out: it was not run.'),
  probe: probe.optional().describe('Left out: no packets were sent.'),
  packets: z.array(packet).describe('The packets of those clients for which it comes to that.'),
  clients: text.optional().describe('Who these clients are, where others fare otherwise.'),
  servers: z.array(text).describe('Realservers for which it comes to that, where it is not all of them.'),
  others: z.array(z.object({ clients: text, outcome, packets: z.array(packet) })),
  situations: z.array(situation).describe('Where interfaces decide and nobody said which they are.'),
  because: z.array(unknown),
  assumed: z.array(z.object({ text, at: line.optional() })).describe('What is taken for granted.'),
  realservers: z.array(realserver).optional().describe('Left out: no files of realservers were given.'),
});

/** What `check --json` prints. */
export const checkDocumentSchema = z
  .object({
    schemaVersion: z.literal(checkSchemaVersion),
    way: z.enum(Object.values(waysUsed)).describe('How the answer was found.'),
    kernel: text
      .optional()
      .describe('The kernel of this machine, where packets were sent through the rules.'),
    directory: text.optional().describe("Where the run's evidence is; left out: nothing was run."),
    lab: z.array(text).describe('In what the lab is not as the site is, and what was not run and why.'),
    exitCode: z.literal([
      ExitCode.ok,
      ExitCode.verdictFailed,
      ExitCode.inconclusive,
      ExitCode.usage,
      ExitCode.interrupted,
      ExitCode.terminated,
    ]),
    files: z.array(z.object({ name: text, kind: z.enum(fileKinds) })),
    standIns: z
      .array(
        z.object({
          name: text,
          value: text,
          count: z.number().int(),
          at: z.object({ file: text, line: z.number().int() }),
        }),
      )
      .describe('What was read in the place of names that the files have.'),
    services: z.array(prediction),
    cures: z
      .array(cureSchema)
      .describe('Changes of the files with which nothing is in the way of the services, the best first.'),
    withoutCure: withoutCureSchema.optional().describe('Why there is none, where something is in the way.'),
    unproven: text.optional().describe('Why cures were not run, or not all of them: a signal ended it.'),
    problems: z
      .array(
        z.object({
          done: z.enum(treatments),
          at: z.object({ file: text, line: z.number().int() }).optional(),
          message: text,
        }),
      )
      .describe('What of the files was not understood.'),
  })
  .meta({ title: 'What the rules of a director do to its services' });

export type CheckDocument = z.infer<typeof checkDocumentSchema>;

/** The document of a prediction, in the form that its schema describes. */
export function predictionDocument(
  { files, standIns }: Pick<Site, 'files' | 'standIns'>,
  { services, problems }: Prediction,
  shown: ShownProof,
  {
    cures,
    exitCode,
  }: { readonly cures: TriedCures | undefined; readonly exitCode: CheckDocument['exitCode'] },
): CheckDocument {
  const { services: proofs, probes, kernel, directory, lines } = shown;
  const made: unknown = {
    schemaVersion: checkSchemaVersion,
    way: wayUsed(shown),
    exitCode,
    kernel,
    directory,
    lab: lines,
    files,
    standIns,
    services: services.map((prediction) => {
      const probe = probes.get(prediction.service);
      const own = worded(prediction);
      const one = probe === undefined ? own : { ...own, probe };
      const proven = proofs.get(prediction.service);
      if (proven === undefined) {
        const outcome = shownOutcome(one.service.protocol, probe?.outcome ?? prediction.outcome);
        return { ...one, predicted: one.outcome, outcome };
      }
      const trials = proven.trials.map(({ behaviour, ends, ...rest }) => ({
        ...rest,
        ...ends,
        behaviour: behaviour.name,
      }));
      return {
        ...one,
        predicted: one.outcome,
        outcome: shownOutcome(one.service.protocol, proven.outcome),
        proof: {
          ...proven,
          trials,
          kernels: proven.kernels.map((on) => ({
            ...on,
            outcome: shownOutcome(one.service.protocol, on.outcome),
          })),
        },
      };
    }),
    ...cureDocuments(cures),
    problems,
  };
  return checkDocumentSchema.parse(made);
}

/** A prediction with the words that its protocol has for outcomes. */
function worded(prediction: ServicePrediction) {
  const { service, outcome: own, others, situations, realservers } = prediction;
  const inWords = <T extends Pick<ServicePrediction, 'outcome'>>(one: T) => ({
    ...one,
    outcome: shownOutcome(service.protocol, one.outcome),
  });
  return {
    ...prediction,
    outcome: shownOutcome(service.protocol, own),
    others: others.map(inWords),
    situations: situations.map(inWords),
    ...(realservers !== undefined && {
      realservers: realservers.map((one) => ({ ...inWords(one), situations: one.situations.map(inWords) })),
    }),
  };
}
