import type { LabEvent } from '../../run/model/labEvents.js';

/** Writes a text, which includes its line ends. */
export type Write = (text: string) => void;

/** Returns milliseconds of a clock that never goes back. */
export type Clock = () => number;

/** Shows events as they happen. `close` leaves the terminal as it was and may be called twice. */
export interface Reporter {
  readonly emit: (event: LabEvent) => void;
  readonly close: () => void;
}
