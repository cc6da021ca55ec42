import { answerOf } from './answerService.js';
import type { ServicePrediction } from './model/prediction.js';
import type { Director, DirectorFilters, VirtualService } from './model/question.js';
import { kindsOf } from './packets/packetClasses.js';
import { statesOf } from './packets/states.js';
import { walkDirector } from './packets/walkDirector.js';
import { universeOf } from './universeOf.js';

/** What decides about a service beside its own definition. */
export interface ServiceContext {
  readonly director: Director;
  readonly filters: DirectorFilters;
  readonly otherMarks: readonly number[];
}

/**
 * Reads the rules as packets of a service would pass them. Throws TooManyKinds where rules tell so much apart that nobody can follow.
 */
export function predictService(service: VirtualService, context: ServiceContext): ServicePrediction {
  const { director, filters, otherMarks } = context;
  const kinds = kindsOf(service);
  const universe = universeOf(service, director, filters);
  const walk = walkDirector({ service, director, filters, kinds, universe, otherMarks });
  const forwarding = service.servers[0]?.forwarding ?? 'dr';
  return answerOf({
    service,
    statesOf: (kind, isTracked) => statesOf(kind, 'before IPVS', isTracked, { ...director, forwarding }),
    ...{ kinds, universe, walk },
  });
}
