import type { LabEvent } from '../../run/model/labEvents.js';
import { eventText } from './eventText.js';
import type { Reporter, Write } from './reporter.js';

/** A reporter that only says when something was left behind, which nobody would learn otherwise. */
export function quietReporter(write: Write): Reporter {
  const emit = (event: LabEvent) => {
    if (event.type === 'cleanup-problem') write(`${eventText(event)}\n`);
  };
  return { emit, close: () => undefined };
}
