import { join } from 'node:path';
import { readScenarioEvidence } from '../../../evidence/directory/read.js';
import type { PhaseEvidence } from '../../../evidence/model/evidence.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { loadScenario } from '../../../scenario/file/loadScenario.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import { messageOf } from '../../../support/errors.js';
import { ipvsCurves, loadCurves, socketCurves } from './curves.js';
import type { LoadCurves, NodeCurves } from './curveTypes.js';
import { filterTablesOf, type FilterTable } from './filterTables.js';
import { jobFilesIn, type JobFile } from './jobFiles.js';
import { ladderOf, type Ladder } from './ladder.js';

/** What a page shows of a job's measured phase. */
export interface MeasuredView {
  readonly ladder: Ladder | undefined;
  readonly sockets: readonly NodeCurves[];
  readonly ipvs: readonly NodeCurves[];
  readonly load: LoadCurves | undefined;
  readonly filters: readonly FilterTable[];
}

/** All that a page has of a job beside its result: small, however much was recorded. */
export interface JobEvidence {
  /** The scenario, as the copy in the job's folder has it; undefined: that is missing, or cannot be read. */
  readonly scenario: Pick<Scenario, 'title' | 'story' | 'why' | 'tags' | 'links'> | undefined;
  /** Undefined: nothing was recorded of it, or it cannot be read. */
  readonly measured: MeasuredView | undefined;
  /** Undefined: there is no such folder. */
  readonly files: readonly JobFile[] | undefined;
  /** What is missing, cut or unreadable, and what the page therefore lacks; one sentence each. */
  readonly lacking: readonly string[];
}

/** Reads what a page shows of a job. Never rejects: files that cannot be read are listed as lacking. */
export async function readJobEvidence(result: ScenarioResult): Promise<JobEvidence> {
  const { directory, notRun, verdict } = result;
  if (notRun !== undefined)
    return { scenario: undefined, measured: undefined, files: undefined, lacking: [] };
  const files = await jobFilesIn(directory);
  if (files === undefined) {
    return {
      scenario: undefined,
      measured: undefined,
      files,
      lacking: [`the folder ${directory}, and with it all that was recorded: only the verdict is known`],
    };
  }
  const lacking: string[] = [];
  const scenario = await readAbout(directory, lacking);
  const measured =
    verdict?.measured === undefined ? undefined : await readMeasured(directory, result, lacking);
  return { scenario, measured, files, lacking };
}

async function readAbout(directory: string, lacking: string[]): Promise<JobEvidence['scenario']> {
  try {
    const { title, story, why, tags, links } = await loadScenario(join(directory, 'scenario.yaml'));
    return { title, story, why, tags, links };
  } catch (error) {
    lacking.push(`what the scenario is about: ${messageOf(error)}`);
    return undefined;
  }
}

async function readMeasured(
  directory: string,
  { verdict }: ScenarioResult,
  lacking: string[],
): Promise<MeasuredView | undefined> {
  const finding = verdict?.measured;
  if (finding === undefined) return undefined;
  let phase: PhaseEvidence | undefined;
  try {
    const evidence = await readScenarioEvidence(directory);
    phase = evidence.measured;
    lacking.push(...evidence.problems, ...(phase?.problems ?? []));
  } catch (error) {
    lacking.push(messageOf(error));
  }
  if (phase === undefined) {
    lacking.push('the measured phase, so there are no packets, curves and rules to show');
    return undefined;
  }
  const trace = verdict?.trace;
  const ladder = ladderOf(phase, finding, trace);
  if (ladder === undefined) lacking.push('packets of a connection: no capture has any');
  return {
    ladder,
    sockets: socketCurves(phase),
    ipvs: ipvsCurves(phase),
    load: loadCurves(phase),
    filters: filterTablesOf(phase, finding, trace),
  };
}
