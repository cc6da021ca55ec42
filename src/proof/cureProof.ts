import { isHealthy } from '../contracts/words/outcomes.js';
import type { Cure, Cures } from '../cure/model/cure.js';
import { groupedBy } from '../rebuild/groupedBy.js';
import { type Predicted, worstOf } from '../prediction/model/predicted.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import type { VirtualService } from '../prediction/model/question.js';
import { type KernelOutcome, outcomesByKernel, type ServiceProof } from './serviceProof.js';
import type { Trial } from './trial.js';

/** What a site with its files changed came to in the lab. */
export interface CureProof {
  /** The worst that any of its services came to. */
  readonly outcome: Predicted;
  /** For each service that is not healthy with it, what speaks against it, or why it is not known. */
  readonly because: readonly { readonly service: VirtualService; readonly why: string }[];
  /** The kernels that it ran on, where they are known, and the worst that a service came to on each. */
  readonly kernels: readonly KernelOutcome[];
  /** The directory of the run that it was part of. */
  readonly directory: string;
}

/** A cure, and what it came to in the lab; undefined: it was not run. */
export interface TriedCure {
  readonly cure: Cure;
  readonly proof: CureProof | undefined;
}

/** The cures of a site: those first that the lab has proven, those last that it has refuted. */
export interface TriedCures {
  readonly cures: readonly TriedCure[];
  readonly without: Cures['without'];
  /** What kept cures from being run; undefined: nothing did, or none was to be run. */
  readonly unproven: string | undefined;
}

/** What the services of a changed site came to, taken together. A service that was in no lab leaves the cure unproven. */
export function cureProof(
  predicted: readonly Pick<ServicePrediction, 'service'>[],
  proofs: ReadonlyMap<VirtualService, ServiceProof>,
  { directory, problem }: { readonly directory: string; readonly problem: string | undefined },
): CureProof {
  const found = predicted.map(({ service }) => ({ service, proof: proofs.get(service) }));
  const kernels = outcomesByKernel(found.flatMap(({ proof }) => proof?.trials ?? []));
  const because = found.flatMap(({ service, proof }) => {
    const whys = proof === undefined ? [problem ?? 'no lab had it'] : speakAgainst(proof);
    return whys.map((why) => ({ service, why }));
  });
  return {
    outcome: worstOf(found.map(({ proof }) => proof?.outcome ?? 'unknown')),
    because,
    kernels,
    directory,
  };
}

/** What speaks against a cure, on each kernel where something does. */
function speakAgainst({ outcome, open, trials }: ServiceProof): readonly string[] {
  if (outcome === 'healthy') return [];
  if (open !== undefined) return [open];
  const byKernel = [...groupedBy(trials, ({ kernel }) => kernel)];
  const whys = byKernel.flatMap(([kernel, own]) => {
    const why = firstAgainst(own);
    return why === undefined
      ? []
      : [byKernel.length === 1 ? why : `on ${kernel ?? 'another kernel'}: ${why}`];
  });
  return whys.length === 0 ? ['nothing of it was run'] : whys;
}

function firstAgainst(trials: readonly Trial[]): string | undefined {
  const blocked = trials.find((trial) => trial.outcome !== undefined && !isHealthy(trial.outcome));
  if (blocked !== undefined) return `${blocked.outcome ?? ''} where ${blocked.behaviour.title}`;
  return trials.flatMap(({ doubts }) => doubts)[0];
}

/** Whether the lab shows that a cure does not cure. */
export function isRefuted({ proof }: TriedCure): boolean {
  return proof !== undefined && proof.outcome !== 'healthy' && proof.outcome !== 'unknown';
}

/** Cures in the order in which they are worth having: as they were ranked, but what is proven first, and what is refuted last. */
export function byProof(cures: readonly TriedCure[]): readonly TriedCure[] {
  const rank = (one: TriedCure): number => (one.proof?.outcome === 'healthy' ? 0 : isRefuted(one) ? 2 : 1);
  return cures.toSorted((one, other) => rank(one) - rank(other));
}
