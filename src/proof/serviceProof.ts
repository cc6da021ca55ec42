import { type Predicted, predictedOutcomes, worstOf } from '../prediction/model/predicted.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import { shownOutcome } from '../prediction/model/shownOutcome.js';
import { groupedBy } from '../rebuild/groupedBy.js';
import { expectedTrial } from './expectedTrial.js';
import type { Trial } from './trial.js';

/** What was found on a kernel. */
export interface KernelOutcome {
  readonly kernel: string;
  readonly outcome: Predicted;
}

/** A service's answer with the proof of it. */
export interface ServiceProof {
  /** What counts: the lab's outcome, or that it cannot be told. */
  readonly outcome: Predicted;
  /** Why it cannot be told although something was run; undefined: it can. */
  readonly open: string | undefined;
  readonly trials: readonly Trial[];
  /** What it came to on each kernel that is known. */
  readonly kernels: readonly KernelOutcome[];
  /** Where prediction and lab disagree, a sentence each: one of them has a fault. */
  readonly faults: readonly string[];
}

/**
 * What the trials of a service come to, compared with the prediction. Where the two disagree the lab counts. But a healthy lab of few connections
 * says nothing of a rule that counts packets. A service whose realservers are in several labs is compared as a whole, because it is predicted as
 * a whole.
 */
export function serviceProof(
  prediction: ServicePrediction,
  trials: readonly Trial[],
  labs: number,
): ServiceProof {
  const tried = outcomeOfTrials(trials);
  const isTried = trials.some(({ outcome }) => outcome !== undefined);
  // That rules read as if they were right is no proof that the kernel takes them.
  const found = isTried || prediction.outcome === 'healthy' ? tried : prediction.outcome;
  const isLeftOpen = found === 'healthy' && prediction.outcome === 'unknown' && prediction.because.length > 0;
  const [because] = prediction.because;
  return {
    outcome: isLeftOpen ? 'unknown' : found,
    open: isLeftOpen
      ? `healthy in the lab, with few connections; with more it depends on ${because?.at.file ?? ''}:${because?.at.line ?? 0}`
      : undefined,
    trials,
    kernels: outcomesByKernel(trials),
    faults: labs > 1 ? faultOfAll(prediction, found) : trials.flatMap((trial) => faultOf(prediction, trial)),
  };
}

function faultOfAll(
  { outcome, service: { protocol } }: ServicePrediction,
  found: Predicted,
): readonly string[] {
  const [read, shown] = [shownOutcome(protocol, outcome), shownOutcome(protocol, found)];
  return read === 'unknown' || shown === 'unknown' || read === shown
    ? []
    : [`the rules read ${read}, and the lab shows ${shown}`];
}

/** The worst that trials came to on each kernel that is known, in the order in which kernels come. */
export function outcomesByKernel(trials: readonly Trial[]): readonly KernelOutcome[] {
  return [...groupedBy(trials, ({ kernel }) => kernel)].flatMap(([kernel, own]) =>
    kernel === undefined ? [] : [{ kernel, outcome: outcomeOfTrials(own) }],
  );
}

/** What becomes of a second connection counts where all first ones are well. */
function outcomeOfTrials(trials: readonly Trial[]): Predicted {
  const first = worst(trials.filter(({ behaviour }) => !behaviour.isSecond));
  return first === 'healthy' ? worst(trials) : first;
}

function worst(trials: readonly Trial[]): Predicted {
  return trials.length === 0 ? 'unknown' : worstOf(trials.map(wordOf));
}

/** The outcome of a trial in the words of a prediction, which has one for all that is not answered of UDP. */
function wordOf({ outcome }: Trial): Predicted {
  if (outcome === 'data-lost') return 'close-blocked';
  if (outcome === 'answered') return 'healthy';
  if (outcome === 'unanswered') return 'transfer-blocked';
  return predictedOutcomes.find((word) => word === outcome) ?? 'unknown';
}

function faultOf(prediction: ServicePrediction, trial: Trial): readonly string[] {
  const { behaviour } = trial;
  const { protocol } = prediction.service;
  const expected = shownOutcome(protocol, expectedTrial(prediction, behaviour));
  const found = shownOutcome(protocol, wordOf(trial));
  if (expected === 'unknown' || found === 'unknown') return [];
  // What becomes of a second connection depends on how far the first one got.
  const isSame = behaviour.isSecond ? (expected === 'healthy') === (found === 'healthy') : expected === found;
  return isSame
    ? []
    : [
        `where ${behaviour.title}, the rules read ${expected}, and the lab${trial.kernel === undefined ? '' : ` on ${trial.kernel}`} shows ${found}`,
      ];
}
