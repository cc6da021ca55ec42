import type { EngineRecord } from '../../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import type { JobEvidence } from '../data/jobEvidence.js';

/** A job as the page's parts need it. */
export interface PageJob {
  /** Names the job's elements in the page. */
  readonly key: string;
  readonly result: ScenarioResult;
  readonly evidence: JobEvidence;
  /** The job's folder as seen from the page's, with slashes. */
  readonly folder: string;
  readonly engine: EngineRecord | undefined;
}
