import { release } from 'node:os';
import { type PredictionOptions, predict, type Prediction } from '../prediction/predict.js';
import type { VirtualService } from '../prediction/model/question.js';
import type { Site } from '../site/model/site.js';
import { LabError } from '../support/errors.js';
import { sendThrough, type SendOptions } from './sendThrough.js';
import { type ServiceProbe, serviceProbe } from './serviceProbe.js';
import { siteOrder } from './siteOrder.js';

/** What a site's rules did to packets that were sent through them. */
export interface SiteProbe {
  /** By service; one that is missing was not probed. */
  readonly services: ReadonlyMap<VirtualService, ServiceProbe>;
  /** The kernel of the namespace. */
  readonly kernel: string;
  /** Why nothing was sent, or for which services nothing, a sentence each. */
  readonly left: readonly { readonly service: VirtualService | undefined; readonly why: string }[];
}

/** Sends each kind of a client's packets through a site's own rules, in a network namespace of this machine's kernel. */
export async function probeSite(
  site: Site,
  whole: Prediction,
  named: PredictionOptions,
  options: SendOptions = {},
): Promise<SiteProbe> {
  const kernel = release();
  const before = predict(site, named, 'before IPVS');
  const { order, rules, probed, left } = siteOrder(site, before.services);
  const told = left.map(({ index, why }) => ({ service: whole.services[index]?.service, why }));
  const nothing = (why: string): SiteProbe => ({
    services: new Map(),
    kernel,
    left: [...told, { service: undefined, why }],
  });
  if (probed.length === 0) return { services: new Map(), kernel, left: told };
  let answer;
  try {
    [answer] = await sendThrough(order, [rules], options);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return nothing([error.message, error.details ?? ''].join('\n').trim());
  }
  if (answer === undefined) return nothing('the namespace gave no answer');
  if ('refused' in answer) return nothing(`the rules are not taken here: ${answer.refused.trim()}`);
  const { passed } = answer;
  const services = new Map<VirtualService, ServiceProbe>();
  let from = 0;
  for (const { index, packets } of probed) {
    const prediction = whole.services[index];
    const sent = packets.map((packet, nth) => ({ ...packet, isPassed: passed[from + nth] === true }));
    from += packets.length;
    if (prediction !== undefined) services.set(prediction.service, serviceProbe(prediction, sent));
  }
  return { services, kernel, left: told };
}
