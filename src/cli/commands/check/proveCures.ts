import { join } from 'node:path';
import type { Cures } from '../../../cure/model/cure.js';
import type { RealserverSite } from '../../../prediction/predictRealservers.js';
import { byProof, cureProof, type TriedCure, type TriedCures } from '../../../proof/cureProof.js';
import { rebuild } from '../../../rebuild/rebuild.js';
import type { Context } from '../../frame/context.js';
import { proveSite, type RunHow } from './proveSite.js';

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

/** Cures that were not run. */
export function untried({ cures, without }: Cures): TriedCures {
  return { cures: cures.map((cure) => ({ cure, proof: undefined })), without };
}

/** Runs the site with its files changed, the best cure first, in as many ways as the site itself was. */
export async function proveCures(
  { cures, without }: Cures,
  { how, directory, isEach, realservers }: CureRequest,
  context: Context,
): Promise<TriedCures & { readonly interrupted: number | undefined }> {
  const tried: TriedCure[] = [];
  for (const [index, cure] of cures.entries()) {
    const isEnough = !isEach && tried.some(({ proof }) => proof?.outcome === 'healthy');
    const { site, prediction } = cure.changed;
    const rebuilt = isEnough ? undefined : rebuild(site, prediction, realservers);
    if (rebuilt === undefined || rebuilt.labs.length === 0) {
      tried.push({ cure, proof: undefined });
      continue;
    }
    context.tell(`cure ${index + 1} of ${cures.length}: ${cure.title}; now in the lab\n`);
    const out = join(directory, `cure${index + 1}`);
    const ran = await proveSite(rebuilt, prediction, { how, out, folder: undefined }, context);
    if (ran.interrupted !== undefined)
      return { cures: byProof(tried), without, interrupted: ran.interrupted };
    tried.push({ cure, proof: cureProof(prediction.services, ran.services, ran) });
  }
  return { cures: byProof(tried), without, interrupted: undefined };
}
