import type { Verdict } from '../../verdict/model/verdict.js';
import type { Cell } from './cell.js';
import type { NotRunReason } from './notRun.js';

/**
 * What became of one job of a run: it has a verdict, or an error that broke the lab or says why its file was refused, or it was never
 * started. `seconds` is wall time, `preparationSeconds` the part of it in which was made what later runs find made. For a job that was not
 * started both are 0, and its `directory` does not exist.
 */
export type ScenarioResult = {
  /** The scenario's id. */
  readonly scenario: string;
  /** The job's name, unique in the run. */
  readonly job: string;
  readonly repeat: number;
  readonly directory: string;
  readonly seconds: number;
  readonly preparationSeconds?: number;
  /** What the job was asked to run on; undefined: nothing was asked for, or nobody knows any more. */
  readonly cell?: Cell | undefined;
  /** The scenario's file, and SHA-256 of its contents in hexadecimal; undefined when nobody knows them any more. */
  readonly file?: string | undefined;
  readonly hash?: string | undefined;
} & (
  | { readonly verdict: Verdict; readonly error?: undefined; readonly notRun?: undefined }
  | { readonly error: Error; readonly verdict?: undefined; readonly notRun?: undefined }
  | { readonly notRun: NotRunReason; readonly verdict?: undefined; readonly error?: undefined }
);
