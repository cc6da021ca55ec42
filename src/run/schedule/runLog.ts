import path from 'node:path';
import type { EngineIdentity } from '../../engine/port/engineIdentity.js';
import { isNoSpace, noSpaceError } from '../../support/noSpace.js';
import { toolVersion } from '../../support/version.js';
import type { LabEvent } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import { runFile, type RunRecord } from '../model/runRecord.js';
import { writeJson } from '../../support/files/writeJson.js';

/** Collects the contents of run.json. */
export class RunLog {
  readonly #startedAt = new Date();
  readonly #stages: RunRecord['stages'][number][] = [];

  constructor(
    private readonly run: {
      readonly runId: string;
      readonly out: string;
      readonly identity: EngineIdentity;
      readonly lanes: number;
      readonly jobs: readonly Job[];
    },
  ) {}

  take(event: LabEvent): void {
    if (event.type === 'stage-finished') {
      const { scenario, stage, seconds } = event;
      this.#stages.push({ scenario, stage, seconds });
    }
  }

  async write(finishedAt?: Date): Promise<void> {
    const { runId, out, identity, lanes, jobs } = this.run;
    const run: RunRecord = {
      runId,
      tool: toolVersion(),
      engine: identity,
      startedAt: this.#startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString(),
      lanes,
      scenarios: jobs.map(({ name, scenario: { id, hash } }) => ({ job: name, id, hash })),
      stages: this.#stages,
    };
    try {
      await writeJson(path.join(out, runFile), run);
    } catch (error) {
      throw isNoSpace(error)
        ? noSpaceError('what the run is told by', { directory: out, setting: '--out DIR' }, error)
        : error;
    }
  }
}
