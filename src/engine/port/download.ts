import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';

/** How far a download has got, as far as the tool that makes it tells: `bytes` of `total`, which is left out where it does not; `isOver`: all is there. */
export const downloadSchema = z.object({
  bytes: z.number(),
  total: z.number().exactOptional(),
  bytesPerSecond: z.number(),
  isOver: z.boolean(),
});
export type Download = Immutable<z.infer<typeof downloadSchema>>;

export type TellDownload = (download: Download) => void;

/** What those who download are given: what stops them, and who wants to know how far it has got. */
export interface Downloading {
  readonly signal: AbortSignal;
  readonly tell?: TellDownload | undefined;
}

/** Milliseconds between two events on one download: for people to read. */
const everyMs = 1000;

/** Passes on the first of what is told in each second, and the end. */
export function eachSecond(tell: TellDownload, now: () => number = () => performance.now()): TellDownload {
  let last = -Infinity;
  return (download) => {
    if (!download.isOver && now() - last < everyMs) return;
    last = now();
    tell(download);
  };
}
