import type { EventTiming } from '../../evidence/model/phase.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { LateEvent } from '../model/verdict.js';

/** Seconds that an event may begin late without a word. In twelve runs of an undisturbed emulated lab it was 0.02 to 0.2 s. */
const usual = 0.5;

/** An event that began late, with all of its times. */
export interface Lateness extends LateEvent {
  readonly timing: EventTiming;
}

/** The events at set times that began much later than they were due. */
export function latenessOf({ events = [] }: Pick<PhaseEvidence, 'events'>): readonly Lateness[] {
  return events.flatMap(({ what, timing }) => {
    if (timing === undefined || timing.begun - timing.due <= usual) return [];
    const { connected, due, begun } = timing;
    return [{ what, asked: due - connected, begun: begun - connected, timing }];
  });
}

/** The same as numbers; undefined: none was late. */
export function lateEvents(phase: Pick<PhaseEvidence, 'events'>): readonly LateEvent[] | undefined {
  const late = latenessOf(phase);
  return late.length === 0 ? undefined : late.map(({ what, asked, begun }) => ({ what, asked, begun }));
}
