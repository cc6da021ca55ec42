import type { RecordedPlan } from '../model/recordedPlan.js';
import type { Phase } from '../../contracts/words/phases.js';
import type { RequestedLoad } from '../model/requestedLoad.js';

/** What a plan asks of the connections of a phase. A plan that does not say is noted as a problem. */
export function requestedLoad(
  { load, flows }: RecordedPlan,
  phase: Phase,
  note: (problem: string) => void,
): RequestedLoad | undefined {
  if (load === undefined) {
    note('../plan.json does not say what each connection was to do (`load`), so nothing shows that it did');
    return undefined;
  }
  const mix = flows?.profiles[phase === 'control' ? phase : 'measured'].flows.mix ?? [];
  return { load, conversations: mix.map(({ conversation }) => conversation) };
}
