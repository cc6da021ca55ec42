import { Command } from '@commander-js/extra-typings';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { clientKey } from '../../../evidence/model/connectionKey.js';
import { loadReportSchema } from '../../../evidence/model/loadReport.js';
import type { Prediction } from '../../../prediction/predict.js';
import { type ServiceProof, serviceProof } from '../../../proof/serviceProof.js';
import { type JobEnd, type Trial, trialOf } from '../../../proof/trial.js';
import type { Rebuilt, RebuiltScenario } from '../../../rebuild/rebuilt.js';
import type { VirtualService } from '../../../prediction/model/question.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { loadScenario } from '../../../scenario/file/loadScenario.js';
import { messageOf, UsageError } from '../../../support/errors.js';
import { parseJson } from '../../../support/parseJson.js';
import { readRegularText } from '../../../support/files/readRegular.js';
import { removeTree } from '../../../support/files/removeTree.js';
import type { Context } from '../../frame/context.js';
import { withOptions } from '../../options/declared.js';
import { largestDocument } from '../../results/largestDocument.js';
import { readSoundResults } from '../../results/resultsFile.js';
import { defaultPlace, makeRunId } from '../../results/runDirectory.js';
import { newRun } from '../run/newRun.js';
import { type RunOptions, runOptions } from '../run/runOptions.js';
import { saveSite } from './saveSite.js';

/** What a site's services came to in the lab. */
export interface SiteProof {
  /** By service; one that is missing was not run. */
  readonly services: ReadonlyMap<VirtualService, ServiceProof>;
  /** The run's directory. */
  readonly directory: string;
  /** Why nothing was run, or not all; undefined: all was. */
  readonly problem: string | undefined;
  /** The exit code of an interrupted run; undefined: it came to its end. */
  readonly interrupted: number | undefined;
}

/** Options of `run` that a check has too. */
export type RunHow = Pick<RunOptions, 'kernel' | 'engine' | 'accel' | 'lanes' | 'deadline' | 'progress'>;

/** How a site is run. */
export interface ProofRequest {
  readonly how: RunHow;
  /** Where the evidence goes; undefined: a folder of its own below `runs`. */
  readonly out: string | undefined;
  /** Where the scenarios are already; undefined: they are written for the time of the run. */
  readonly folder: string | undefined;
}

/** Runs a rebuilt site in the lab: all its services at a time, and each way in which clients use and end connections. */
export async function proveSite(
  rebuilt: Rebuilt,
  { services }: Prediction,
  { how, out, folder }: ProofRequest,
  context: Context,
): Promise<SiteProof> {
  const { io } = context;
  const directory = resolve(io.cwd, out ?? join(defaultPlace, `check-${makeRunId()}`));
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'lvs-lab-site-')));
  const problems: string[] = [];
  try {
    if (folder === undefined) await saveSite(place, rebuilt);
    const shown = (text: string) => text.replaceAll(`${place}/`, '');
    const unreadable = await problemOf(rebuilt, place);
    if (unreadable !== undefined) return notRun(directory, shown(unreadable));
    const names = rebuilt.labs.flatMap(({ scenarios }) => scenarios.map(({ file }) => join(place, file)));
    const { engine, accel, progress, kernel: kernels, lanes, deadline } = how;
    const usual = withOptions(new Command(), runOptions()).parse([], { from: 'user' }).opts();
    const options: RunOptions = {
      ...{ ...usual, engine, accel, progress, out: directory },
      ...(kernels !== undefined && { kernel: kernels }),
      ...(lanes !== undefined && { lanes }),
      ...(deadline !== undefined && { deadline }),
    };
    const code = await newRun(names, options, quiet(context, problems), false);
    const recorded = await readSoundResults(directory, context.tell);
    const all = recorded?.results ?? [];
    // What never began is no trial, unless others did.
    const results = all.some(({ notRun: why }) => why === undefined) ? all : [];
    const kernel = recorded?.engines[0]?.identity.kernel;
    const found = new Map<VirtualService, ServiceProof>();
    for (const prediction of services) {
      const labs = rebuilt.labs.filter((lab) => lab.services.includes(prediction.service));
      const trials: Trial[] = [];
      for (const { scenarios } of labs)
        for (const result of results.filter(({ scenario }) => scenarios.some(({ id }) => id === scenario)))
          trials.push(trialOf(await endOf(result, scenarios, kernel, shown), prediction.service.port));
      if (trials.length > 0) found.set(prediction.service, serviceProof(prediction, trials, labs.length));
    }
    return {
      services: found,
      directory,
      problem: problems.length === 0 ? undefined : shown(problems.join('; ')),
      interrupted: io.signal.aborted ? code : undefined,
    };
  } finally {
    if (folder === undefined) await removeTree(place);
  }
}

/** Why the scenarios cannot be read, which have rules as people wrote them; undefined: they can. */
async function problemOf({ labs }: Rebuilt, place: string): Promise<string | undefined> {
  try {
    // Those of a lab differ in what clients do.
    for (const { scenarios } of labs)
      for (const { file } of scenarios.slice(0, 1)) await loadScenario(join(place, file));
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

function notRun(directory: string, problem: string): SiteProof {
  return { services: new Map(), directory, problem, interrupted: undefined };
}

/** What `run` prints is for those who ask for scenarios; what it complains of is kept. */
function quiet(context: Context, problems: string[]): Context {
  const nothing = () => undefined;
  return {
    ...context,
    print: nothing,
    printJson: nothing,
    tell: nothing,
    complain: (error) => {
      problems.push(messageOf(error));
    },
  };
}

async function endOf(
  result: ScenarioResult,
  scenarios: readonly RebuiltScenario[],
  kernel: string | undefined,
  shown: (text: string) => string,
): Promise<JobEnd> {
  const { verdict, error, directory, cell, scenario } = result;
  const one = scenarios.find(({ id }) => id === scenario);
  if (one === undefined) throw new RangeError(`the site has no scenario ${scenario}`);
  return {
    behaviour: one.behaviour,
    kernel: cell?.kernel ?? kernel,
    directory,
    verdict,
    problem: error === undefined ? undefined : shown(error.message),
    ports: verdict === undefined ? new Map() : await portsIn(directory),
  };
}

/** The service's port of each connection of a measured run, by the client's end; none where nobody recorded them. */
async function portsIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const text = await readRegularText(join(directory, 'measured', 'load.json'), largestDocument).catch(
    () => undefined,
  );
  if (text === undefined) return new Map();
  const { connections } = parseJson(loadReportSchema, text);
  return new Map(
    connections.map(({ localAddress, localPort, port }) => [clientKey(localAddress, localPort), port]),
  );
}
