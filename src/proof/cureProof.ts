import { isHealthy } from '../contracts/words/outcomes.js';
import type { Cure, Cures } from '../cure/model/cure.js';
import { type Predicted, worstOf } from '../prediction/model/predicted.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import type { VirtualService } from '../prediction/model/question.js';
import type { ServiceProof } from './serviceProof.js';

/** What a site with its files changed came to in the lab. */
export interface CureProof {
  /** The worst that any of its services came to. */
  readonly outcome: Predicted;
  /** For each service that is not healthy with it, what speaks against it, or why it is not known. */
  readonly because: readonly { readonly service: VirtualService; readonly why: string }[];
  /** The kernels that it ran on, where they are known. */
  readonly kernels: readonly string[];
  /** Where its evidence is. */
  readonly directory: string;
}

/** A cure, and what it came to in the lab; undefined: it was not run. */
export interface TriedCure {
  readonly cure: Cure;
  readonly proof: CureProof | undefined;
}

/** As `Cures`, those first that the lab bears out, and last those that it refutes. */
export interface TriedCures {
  readonly cures: readonly TriedCure[];
  readonly without: Cures['without'];
  /** What kept cures from being run, or from being sought; undefined: nothing did, or none was to be run. */
  readonly unproven: string | undefined;
}

/** What a changed site's services came to together. One that no lab had leaves the cure unproven. */
export function cureProof(
  predicted: readonly Pick<ServicePrediction, 'service'>[],
  proofs: ReadonlyMap<VirtualService, ServiceProof>,
  { directory, problem }: { readonly directory: string; readonly problem: string | undefined },
): CureProof {
  const found = predicted.map(({ service }) => ({ service, proof: proofs.get(service) }));
  const trials = found.flatMap(({ proof }) => proof?.trials ?? []);
  const kernels = [...new Set(trials.flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel])))];
  const because = found.flatMap(({ service, proof }) => {
    const why = proof === undefined ? (problem ?? 'no lab had it') : speaksAgainst(proof);
    return why === undefined ? [] : [{ service, why }];
  });
  return {
    outcome: worstOf(found.map(({ proof }) => proof?.outcome ?? 'unknown')),
    because,
    kernels,
    directory,
  };
}

function speaksAgainst({ outcome, open, trials }: ServiceProof): string | undefined {
  if (outcome === 'healthy') return undefined;
  if (open !== undefined) return open;
  const blocked = trials.find((trial) => trial.outcome !== undefined && !isHealthy(trial.outcome));
  if (blocked !== undefined) return `${blocked.outcome ?? ''} where ${blocked.behaviour.title}`;
  return trials.flatMap(({ doubts }) => doubts)[0] ?? 'nothing of it was run';
}

/** Whether the lab shows that a cure does not cure. */
export function isRefuted({ proof }: TriedCure): boolean {
  return proof !== undefined && proof.outcome !== 'healthy' && proof.outcome !== 'unknown';
}

/** Cures in the order in which they are worth having: as they were ranked, but what is proven first, and what is refuted last. */
export function byProof(cures: readonly TriedCure[]): readonly TriedCure[] {
  const rank = (one: TriedCure): number =>
    one.proof?.outcome === 'healthy' ? 0 : one.proof === undefined ? 1 : isRefuted(one) ? 3 : 2;
  return cures.toSorted((one, other) => rank(one) - rank(other));
}
