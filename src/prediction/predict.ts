import type { Site } from '../site/model/site.js';
import type { SiteProblem } from '../site/model/siteProblem.js';
import type { StandIn } from '../site/model/standIn.js';
import { directorOf, type DirectorOptions } from './director.js';
import { beforeIpvs, filtersOf } from './filters.js';
import type { ServicePrediction, Unknown } from './model/prediction.js';
import type { VirtualService } from './model/question.js';
import { readRealservers, type RealserverSite, withRealservers } from './predictRealservers.js';
import { predictService } from './predictService.js';
import { type ServiceOptions, servicesOf } from './chosenServices.js';
import { UsageError } from '../support/errors.js';
import { TooManyKinds } from './walk/walkChain.js';

/** What options say beside the files. */
export type PredictionOptions = ServiceOptions &
  DirectorOptions & {
    /** What is read in the place of names that the files have; undefined: nothing. */
    readonly standIns?: readonly StandIn[];
    /** The realservers whose own rules count as well; undefined: none. */
    readonly realservers?: readonly RealserverSite[];
  };

/** What the rules of a site do to its services, read and not run. */
export interface Prediction {
  readonly services: readonly ServicePrediction[];
  /** What of the files was not understood. Where one is `refused`, there is no service. */
  readonly problems: readonly SiteProblem[];
}

/** Predicts each service of a site, on the whole way or up to IPVS only. Throws UsageError when it has none. */
export function predict(
  site: Site,
  named: PredictionOptions,
  way: 'whole' | 'before IPVS' = 'whole',
): Prediction {
  const { problems: ofRules, ...all } = filtersOf(site);
  const filters = way === 'whole' ? all : beforeIpvs(all);
  const realservers = readRealservers(named.realservers ?? []);
  const found = [...site.problems, ...ofRules, ...realservers.flatMap((one) => one.problems)];
  if (found.some(({ done }) => done === 'refused')) return { services: [], problems: found };
  if (site.rules.every(({ kind, isImplied }) => kind === 'ipset' || isImplied))
    throw new UsageError(
      'expected rules of the director: what `iptables-save` or `nft list ruleset` prints',
      {
        hint: 'On the director: `iptables-save > iptables.save`.',
      },
    );
  const { services, leftOut, notes } = servicesOf(site, filters, named);
  const marks = site.services.flatMap(({ fwmark }) => fwmark ?? []);
  const predicted = services.map((service): ServicePrediction => {
    if (!hasRules(site, service)) return withoutRules(service);
    const { director, assumed } = directorOf(site, service, named);
    const otherMarks = marks.filter((mark) => mark !== service.fwmark);
    try {
      const prediction = predictService(service, { director, filters, otherMarks });
      const whole = withRealservers(prediction, prediction.clientRanges ?? director.clients, realservers);
      return { ...whole, assumed: [...assumed, ...whole.assumed] };
    } catch (error) {
      if (!(error instanceof TooManyKinds)) throw error;
      return tooMany(service, error);
    }
  });
  const problems = leftOut.map(({ service: { at }, why }): SiteProblem => ({
    done: 'left out',
    at,
    message: `the service is left out: ${why}`,
  }));
  const noted = notes.map(({ service: { at }, text }): SiteProblem => ({ done: 'noted', at, message: text }));
  return { services: predicted, problems: [...found, ...problems, ...noted] };
}

/** Whether the files have rules of the service's family, or such of nft as may be of both. */
function hasRules({ rules }: Site, { family }: VirtualService): boolean {
  const own = family === 'ipv4' ? 'iptables-save' : 'ip6tables-save';
  return rules.some(({ kind, isImplied }) => !isImplied && (kind === own || kind === 'nft'));
}

function withoutRules(service: VirtualService): ServicePrediction {
  const tool = service.family === 'ipv4' ? 'iptables-save' : 'ip6tables-save';
  const at = { file: service.at?.file ?? '--service', line: service.at?.line ?? 1, text: '' };
  return unknown(service, { at, match: tool, why: `what ${tool} prints is not among the files` });
}

function tooMany(service: VirtualService, { at }: TooManyKinds): ServicePrediction {
  const why = 'the rules up to here tell so much apart that it is not followed';
  return unknown(service, { at, match: at.text, why });
}

function unknown(service: VirtualService, because: Unknown): ServicePrediction {
  const none = {
    packets: [],
    clients: undefined,
    example: undefined,
    servers: [],
    others: [],
    situations: [],
    assumed: [],
  };
  return { service, outcome: 'unknown', ...none, because: [because] };
}
