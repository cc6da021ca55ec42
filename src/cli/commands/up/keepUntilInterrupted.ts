import type { Emit } from '../../../run/model/labEvents.js';
import type { PlannedLab } from '../../../run/lab/plannedLab.js';
import type { Services } from '../../frame/services.js';
import { heldLab, heldLabText } from './heldLab.js';

/** Makes the `hold` function of a run with `--keep`, which says how to look around and keeps the lab until the signal aborts. */
export function keepUntilInterrupted(
  services: Services,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
): (lab: PlannedLab) => Promise<void> {
  return (lab) => {
    const findable = () => {
      emit({ type: 'engine-note', message: `${heldLabText(heldLab(lab.plan))}\nCtrl-C removes it.` });
    };
    return services.holdSession({ lab, signal, findable });
  };
}
