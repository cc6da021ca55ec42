import { join } from 'node:path';
import type { Cures } from '../../../cure/model/cure.js';
import type { RealserverSite } from '../../../prediction/predictRealservers.js';
import { byProof, cureProof, isRefuted, type TriedCure, type TriedCures } from '../../../proof/cureProof.js';
import { rebuild } from '../../../rebuild/rebuild.js';
import { messageOf, UsageError } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import { notRun, proveSite, type RunHow } from './proveSite.js';

/** How cures are run. */
export interface CureRequest {
  readonly how: RunHow;
  /** The directory of the site's own run; those of the cures are in it. */
  readonly directory: string;
  /** Whether all are run, not only until one is proven. */
  readonly isEach: boolean;
  /** Their own rules are in the lab as well. */
  readonly realservers: readonly RealserverSite[];
}

/** Cures that were not run; `unproven` says why, where they would have been. */
export function untried({ cures, without }: Cures, unproven?: string): TriedCures {
  return { cures: cures.map((cure) => ({ cure, proof: undefined })), without, unproven };
}

/** Runs the site with its files changed, the best cure first, in as many ways as the site itself was. A signal ends it; what is known by then is kept. */
export async function proveCures(
  { cures, without }: Cures,
  { how, directory, isEach, realservers }: CureRequest,
  context: Context,
): Promise<TriedCures> {
  const { signal } = context.io;
  const tried: TriedCure[] = [];
  for (const [index, cure] of cures.entries()) {
    // What is not known of one would not be known of the next: only a cure that the lab refutes is followed by another.
    const isEnough = !isEach && tried.some((one) => one.proof !== undefined && !isRefuted(one));
    const { site, prediction } = cure.changed;
    const rebuilt = isEnough || signal.aborted ? undefined : rebuild(site, prediction, realservers);
    if (rebuilt === undefined || rebuilt.labs.length === 0) {
      tried.push({ cure, proof: undefined });
      continue;
    }
    context.tell(`cure ${index + 1} of ${cures.length}: ${cure.title}; now in the lab\n`);
    const out = join(directory, `cure${index + 1}`);
    const request = { how, out, folder: undefined };
    const ran = await proveSite(rebuilt, prediction, request, context).catch((error: unknown) => {
      // The site itself was run with the same options: the answer that is known already is not lost for what is refused now.
      if (!(error instanceof UsageError)) throw error;
      return notRun(out, error.message);
    });
    const one = { cure, proof: cureProof(prediction.services, ran.services, ran) };
    // A part of the ways can refute a cure, and cannot prove it.
    tried.push(signal.aborted && !isRefuted(one) ? { cure, proof: undefined } : one);
  }
  return { cures: byProof(tried), without, unproven: endedBy(signal) };
}

/** What ended it, where a signal did. */
export function endedBy({ aborted, reason }: AbortSignal): string | undefined {
  return aborted ? `it was ${messageOf(reason)}` : undefined;
}
