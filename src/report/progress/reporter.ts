import type { LabEvent } from '../../run/model/labEvents.js';

/** Writes text somewhere; the text brings its own line ends. */
export type Write = (text: string) => void;

/** Milliseconds on a clock that only goes forward. */
export type Clock = () => number;

/** Shows events as they happen. `close` leaves the terminal as it was and may be called twice. */
export interface Reporter {
  readonly emit: (event: LabEvent) => void;
  readonly close: () => void;
}
