import type { Verdict } from '../../verdict/model/types.js';
import type { Cell } from './cell.js';
import type { NotRunReason } from './notRun.js';

/**
 * What became of one job of a run: it ended with a verdict, or with the error that broke the lab or says why its file was refused, or it was never started. `seconds` is wall
 * time, 0 when it never started; its `directory` is not there then.
 */
export type ScenarioResult = {
  /** The scenario's id. */
  readonly scenario: string;
  /** The job's name, unique in the run. */
  readonly job: string;
  readonly repeat: number;
  readonly directory: string;
  readonly seconds: number;
  /** Undefined: nothing was asked for, or nobody knows any more. */
  readonly cell?: Cell | undefined;
  /** The scenario's file, and the SHA-256 of its content in hexadecimal; undefined where nobody knows them any more. */
  readonly file?: string | undefined;
  readonly hash?: string | undefined;
} & (
  | { readonly verdict: Verdict; readonly error?: undefined; readonly notRun?: undefined }
  | { readonly error: Error; readonly verdict?: undefined; readonly notRun?: undefined }
  | { readonly notRun: NotRunReason; readonly verdict?: undefined; readonly error?: undefined }
);
