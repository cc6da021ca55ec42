import { Command } from '@commander-js/extra-typings';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Prediction } from '../../../prediction/predict.js';
import type { ServiceProof } from '../../../proof/serviceProof.js';
import type { Rebuilt } from '../../../rebuild/rebuilt.js';
import type { VirtualService } from '../../../prediction/model/question.js';
import { loadScenario } from '../../../scenario/file/loadScenario.js';
import { LabError, messageOf, UsageError } from '../../../support/errors.js';
import { isNoSpace } from '../../../support/noSpace.js';
import { removeTree } from '../../../support/files/removeTree.js';
import type { Context } from '../../frame/context.js';
import { withOptions } from '../../options/declared.js';
import { defaultPlace, makeRunId } from '../../results/runDirectory.js';
import { newRun } from '../run/newRun.js';
import { type RunOptions, runOptions } from '../run/runOptions.js';
import { writeSite } from './saveSite.js';
import { serviceProofs } from './serviceProofs.js';

/** What a site's services came to in the lab. */
export interface SiteProof {
  /** By service; one that is missing was not run. */
  readonly services: ReadonlyMap<VirtualService, ServiceProof>;
  /** The run's directory. */
  readonly directory: string;
  /** Why nothing was run, or not all; undefined: all was. */
  readonly problem: string | undefined;
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

/**
 * Runs a rebuilt site in the lab: all its services at a time, and each way in which clients use and end connections. What breaks there, and a
 * signal that ends it, is a `problem`, and what was found until then is kept.
 * @throws UsageError for options that `run` refuses.
 */
export async function proveSite(
  rebuilt: Rebuilt,
  prediction: Prediction,
  { how, out, folder }: ProofRequest,
  context: Context,
): Promise<SiteProof> {
  const directory = resolve(context.io.cwd, out ?? join(defaultPlace, `check-${makeRunId()}`));
  if (folder !== undefined)
    return proveIn({ place: folder, rebuilt, prediction }, { how, directory }, context);
  let place: string | undefined;
  try {
    place = await mkdtemp(join(tmpdir(), 'lvs-lab-site-'));
    await writeSite(place, rebuilt);
  } catch (error) {
    if (place !== undefined) await removeTree(place);
    return notRun(directory, `could not write the site's scenarios below ${tmpdir()}: ${messageOf(error)}`);
  }
  try {
    return await proveIn({ place, rebuilt, prediction }, { how, directory }, context);
  } finally {
    await removeTree(place);
  }
}

/** Runs the scenarios in a folder, and reads what they came to. */
async function proveIn(
  {
    place,
    rebuilt,
    prediction,
  }: { readonly place: string; readonly rebuilt: Rebuilt; readonly prediction: Prediction },
  { how, directory }: { readonly how: RunHow; readonly directory: string },
  context: Context,
): Promise<SiteProof> {
  const problems: string[] = [];
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
  await newRun(names, options, quiet(context, problems), false).catch((error: unknown) => {
    // Of a run whose page or report found no room its results may be there.
    if (error instanceof UsageError || !(error instanceof LabError || isNoSpace(error))) throw error;
    problems.push(messageOf(error));
  });
  const found = await serviceProofs(directory, rebuilt, prediction.services, { tell: context.tell, shown });
  return {
    services: found,
    directory,
    problem: problems.length === 0 ? undefined : shown(problems.join('; ')),
  };
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

/** What is known of a site that no lab had. */
export function notRun(directory: string, problem: string): SiteProof {
  return { services: new Map(), directory, problem };
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
