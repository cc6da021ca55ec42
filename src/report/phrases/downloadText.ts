import type { LabEvent } from '../../run/model/labEvents.js';
import { bytesText } from '../text/countText.js';

/** How far a download has got: `12 MiB of 58 MiB downloaded, 3.1 MiB a second`. */
export function downloadText({
  bytes,
  total,
  bytesPerSecond,
  isOver,
}: Extract<LabEvent, { type: 'engine-download' }>): string {
  const of = isOver || total === undefined ? '' : ` of ${bytesText(Math.round(total))}`;
  return `${bytesText(Math.round(bytes))}${of} downloaded, ${bytesText(Math.round(bytesPerSecond))} a second`;
}
