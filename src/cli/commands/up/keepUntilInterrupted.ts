import type { Emit } from '../../../run/model/labEvents.js';
import type { PlannedLab } from '../../../run/lab/plannedLab.js';
import type { Services } from '../../frame/services.js';
import { heldLab, heldLabText } from './heldLab.js';

/**
 * Makes the `hold` function of a run with `--keep`, which says how to look around and keeps the lab until the signal aborts. `page` is the file of the
 * run's page, which is made when the run is over.
 */
export function keepUntilInterrupted(
  services: Services,
  { emit, signal, page }: { readonly emit: Emit; readonly signal: AbortSignal; readonly page: string },
): (lab: PlannedLab) => Promise<void> {
  return (lab) => {
    const findable = () => {
      emit({
        type: 'engine-note',
        message: `${heldLabText(heldLab(lab.plan))}\nCtrl-C removes it, and leaves the page of the run: ${page}`,
      });
    };
    return services.holdSession({ lab, signal, findable });
  };
}
