import { answerOf } from './answerService.js';
import type { ServicePrediction } from './model/prediction.js';
import type { Director, DirectorFilters, VirtualService } from './model/question.js';
import { kindsOf } from './packets/packetClasses.js';
import { statesOf } from './packets/states.js';
import { waysOf } from './packets/way.js';
import { universeOf } from './universeOf.js';

/** What there is beside the service: the same for all services of a site. */
export interface Around {
  readonly director: Director;
  readonly filters: DirectorFilters;
  readonly otherMarks: readonly number[];
}

/**
 * Reads the rules as packets of a service would pass them. Throws TooManyKinds where rules tell so much apart that nobody can follow.
 */
export function predictService(service: VirtualService, around: Around): ServicePrediction {
  const { director, filters, otherMarks } = around;
  const kinds = kindsOf(service);
  const universe = universeOf(service, director, filters);
  const ways = waysOf({ service, director, filters, kinds, universe, otherMarks });
  const forwarding = service.servers[0]?.forwarding ?? 'dr';
  return answerOf({
    service,
    statesOf: (kind, isTracked) => statesOf(kind, 'before IPVS', isTracked, { ...director, forwarding }),
    ...{ kinds, universe, ways },
  });
}
