import { serialiseError } from '../text/errorText.js';
import type { Reporter, Write } from './reporter.js';

/** A reporter that writes one JSON object per line: the event, and `time` in ISO 8601. Errors are { name, message, details, hint, cause }. */
export function jsonReporter(write: Write, time: () => Date): Reporter {
  return {
    emit: (event) => {
      const replacer = (_key: string, value: unknown) =>
        value instanceof Error ? serialiseError(value) : value;
      write(`${JSON.stringify({ time: time().toISOString(), ...event }, replacer)}\n`);
    },
    close: () => undefined,
  };
}
