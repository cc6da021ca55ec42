import { join } from 'node:path';
import type { Cure, Cures } from '../../../cure/model/cure.js';
import type { RealserverSite } from '../../../prediction/predictRealservers.js';
import { byProof, cureProof, isRefuted, type TriedCure, type TriedCures } from '../../../proof/cureProof.js';
import { rebuild } from '../../../rebuild/rebuild.js';
import { messageOf, UsageError } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import { notRun, type ProofRequest, proveSites, type RunnableSite, type SiteProof } from './proveSites.js';

/** How a site and its cures are run. */
export interface CuredRequest extends ProofRequest {
  /** Whether all cures are run, and not only as many as it takes until the lab does not refute one. */
  readonly isEach: boolean;
  /** Their own rules are in the lab as well. */
  readonly realservers: readonly RealserverSite[];
}

/** What a site and its cures came to in the lab. */
export interface CuredProof {
  readonly site: SiteProof;
  /** Undefined: there is nothing to cure. */
  readonly cures: TriedCures | undefined;
}

/** Cures that were not run. */
export function untried({ cures, without }: Cures): TriedCures {
  return { cures: cures.map((cure) => ({ cure, proof: undefined })), without, unproven: undefined };
}

/**
 * Runs a site and, in the same run and the same ways, the site as its best cure changes it. While the lab refutes a cure, the next one is run
 * after it; with `isEach` all are run. A signal ends this; what is known by then counts.
 * @throws UsageError for options that `run` refuses.
 */
export async function proveWithCures(
  site: RunnableSite,
  found: Cures | undefined,
  request: CuredRequest,
  context: Context,
): Promise<CuredProof> {
  const { signal } = context.io;
  const { how, directory, isEach, realservers } = request;
  const cures = (found?.cures ?? []).map((cure, index) => ({ cure, name: `cure${index + 1}` }));
  const built = cures.flatMap(({ cure, name }) => {
    const { prediction } = cure.changed;
    const rebuilt = rebuild(cure.changed.site, prediction, realservers, name);
    return rebuilt.labs.length === 0 ? [] : [{ cure, name, prediction, rebuilt }];
  });
  const tell = ({ cure, name }: (typeof cures)[number]) => {
    context.tell(`${name.replace('cure', 'cure ')} of ${cures.length}: ${cure.title}; now in the lab\n`);
  };
  const beside = isEach ? built : built.slice(0, 1);
  beside.forEach(tell);
  const [own = notRun(directory, undefined), ...ofCures] = await proveSites(
    [site, ...beside],
    request,
    context,
  );
  if (found === undefined || own.services.size === 0)
    return { site: own, cures: found === undefined ? undefined : untried(found) };
  const tried = new Map<Cure, TriedCure>();
  const take = (cure: Cure, ran: SiteProof) => {
    const one = { cure, proof: cureProof(cure.changed.prediction.services, ran.services, ran) };
    // A part of the ways can refute a cure, and cannot prove it.
    if (!signal.aborted || one.proof.outcome !== 'unknown') tried.set(cure, one);
  };
  for (const [index, { cure }] of beside.entries())
    take(cure, ofCures[index] ?? notRun(directory, undefined));
  const isSick = [...own.services.values()].some(({ outcome }) => outcome !== 'healthy');
  for (const one of built.slice(beside.length)) {
    // What is not known of one would not be known of the next.
    if (!isSick || signal.aborted || ![...tried.values()].every(isRefuted)) break;
    tell(one);
    const out = join(directory, one.name);
    const [ran = notRun(out, undefined)] = await proveSites([one], { how, directory: out }, context).catch(
      (error: unknown) => {
        // The site was run with the same options: the answer that is known already is not lost for what is refused now.
        if (!(error instanceof UsageError)) throw error;
        return [notRun(out, error.message)];
      },
    );
    take(one.cure, ran);
  }
  const all = cures.map(({ cure }) => tried.get(cure) ?? { cure, proof: undefined });
  return {
    site: own,
    cures: { cures: byProof(all), without: found.without, unproven: endedBy(signal) },
  };
}

/** What ended it, where a signal did. */
function endedBy({ aborted, reason }: AbortSignal): string | undefined {
  return aborted ? `it was ${messageOf(reason)}` : undefined;
}
