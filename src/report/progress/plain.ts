import type { LabEvent } from '../../run/model/labEvents.js';
import { eventText } from './eventText.js';
import { FlowProgressReporter, loadOwnerText } from '../phrases/flowProgressText.js';
import { JobCount } from './jobCount.js';
import type { Clock, Reporter, Write } from './reporter.js';

/** Milliseconds between two lines on a raw-socket load, which reports every second. */
const flowsEveryMs = 10_000;
/** The same for a download, whose end is told in any case. */
const downloadEveryMs = 10_000;

/** A reporter for logs and CI: a line per event, with the seconds since it was made. */
export function plainReporter(write: Write, now: Clock): Reporter {
  const start = now();
  const flows = new FlowProgressReporter(flowsEveryMs);
  const count = new JobCount();
  /** For each step that downloads, when that was told last. */
  const told = new Map<string, number>();
  const isTooSoon = (event: Extract<LabEvent, { type: 'engine-download' }>, ms: number): boolean => {
    if (!event.isOver && ms - (told.get(event.step) ?? start) < downloadEveryMs) return true;
    told.set(event.step, ms);
    return false;
  };
  return {
    emit: (event) => {
      const ms = now();
      const say = (text: string): void => {
        write(`[${((ms - start) / 1000).toFixed(1).padStart(6)}s] ${text}\n`);
      };
      if (event.type === 'engine-download' && isTooSoon(event, ms)) return;
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
