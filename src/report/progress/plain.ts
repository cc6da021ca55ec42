import { eventText } from './eventText.js';
import { FlowProgressReporter, loadOwnerText } from '../phrases/flowProgressText.js';
import { JobCount } from './jobCount.js';
import type { Clock, Reporter, Write } from './reporter.js';

/** Milliseconds between two lines on a raw-socket load, which reports every second. */
const flowsEveryMs = 10_000;

/** A reporter for logs and CI: a line per event, with the seconds since it was made. */
export function plainReporter(write: Write, now: Clock): Reporter {
  const start = now();
  const flows = new FlowProgressReporter(flowsEveryMs);
  const count = new JobCount();
  return {
    emit: (event) => {
      const ms = now();
      const say = (text: string): void => {
        write(`[${((ms - start) / 1000).toFixed(1).padStart(6)}s] ${text}\n`);
      };
      count.take(event);
      const isOver = event.type === 'scenario-finished' || event.type === 'scenario-broke';
      const counted = isOver && count.text !== undefined ? `${count.text}: ` : '';
      if (event.type !== 'flows') say(`${counted}${eventText(event)}`);
      else {
        const text = flows.text(event, ms);
        if (text !== undefined) say(`${loadOwnerText(event)}: ${text}`);
      }
    },
    close: () => undefined,
  };
}
