import { eventText } from './eventText.js';
import type { Clock, Reporter, Write } from './reporter.js';

/** One line an event, with the seconds since the reporter was made: for logs and for CI. */
export function plainReporter(write: Write, now: Clock): Reporter {
  const start = now();
  return {
    emit: (event) => {
      const elapsed = ((now() - start) / 1000).toFixed(1).padStart(6);
      write(`[${elapsed}s] ${eventText(event)}\n`);
    },
    close: () => undefined,
  };
}
