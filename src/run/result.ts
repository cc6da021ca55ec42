import type { Verdict } from '../verdict/types.js';

/** How one scenario of a run ended: with a verdict, or with the error that broke the lab. `seconds` is wall time. */
export type ScenarioResult = {
  readonly scenario: string;
  readonly directory: string;
  readonly seconds: number;
} & (
  | { readonly verdict: Verdict; readonly error?: undefined }
  | { readonly error: Error; readonly verdict?: undefined }
);
