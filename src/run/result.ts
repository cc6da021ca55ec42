import type { Verdict } from '../verdict/types.js';

/** How one job of a run ended: with a verdict, or with the error that broke the lab. `seconds` is wall time. */
export type ScenarioResult = {
  /** The scenario's id. */
  readonly scenario: string;
  /** The job's name, unique in the run. */
  readonly job: string;
  readonly repeat: number;
  readonly directory: string;
  readonly seconds: number;
} & (
  | { readonly verdict: Verdict; readonly error?: undefined }
  | { readonly error: Error; readonly verdict?: undefined }
);
