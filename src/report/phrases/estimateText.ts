import type { Estimate } from '../../run/model/labEvents.js';
import { countText } from '../text/countText.js';

/** How much there is to run, and how long it will probably take: `90 scenarios, about 4 min`. */
export function estimateText({ scenarios, jobs, unknown, seconds }: Estimate): string {
  const what = `${countText(scenarios, 'scenario')}${jobs === scenarios ? '' : ` in ${countText(jobs, 'job')}`}`;
  if (seconds === undefined)
    return `${what}; how long that takes is not known, for none of it has been run on this machine`;
  const about = `${what}, about ${aboutText(seconds)}`;
  return unknown === 0
    ? about
    : `${about}, if the ${countText(unknown, 'job')} never run on this machine are like the others`;
}

/** A time that is not exact. */
export function aboutText(seconds: number): string {
  if (seconds < 10) return `${String(Math.max(1, Math.round(seconds)))} s`;
  if (seconds < 90) return `${String(Math.round(seconds / 5) * 5)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${String(Math.round(minutes))} min` : `${(minutes / 60).toFixed(1)} h`;
}
