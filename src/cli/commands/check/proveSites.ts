import { Command } from '@commander-js/extra-typings';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { readSoundResults } from '../../results/resultsFile.js';
import { newRun } from '../run/newRun.js';
import { type RunOptions, runOptions } from '../run/runOptions.js';
import { writeSite } from './saveSite.js';
import { serviceProofs } from './serviceProofs.js';

/** A site, as it is or with changes: its scenarios, and what is predicted of it. */
export interface RunnableSite {
  readonly rebuilt: Rebuilt;
  readonly prediction: Prediction;
}

/** What a site's services came to in the lab. */
export interface SiteProof {
  /** By service; one that is missing was not run. */
  readonly services: ReadonlyMap<VirtualService, ServiceProof>;
  /** The directory of the run that it was part of. */
  readonly directory: string;
  /** Why nothing was run, or not all; undefined: all was. */
  readonly problem: string | undefined;
}

/** Options of `run` that a check has too. */
export type CheckRunOptions = Pick<
  RunOptions,
  'kernel' | 'engine' | 'accel' | 'lanes' | 'deadline' | 'progress'
>;

/** How sites are run. */
export interface ProofRequest {
  readonly how: CheckRunOptions;
  /** The run's directory. */
  readonly directory: string;
  /** Where the scenarios of the first one are already; undefined: they are written for the time of the run, as those of others are. */
  readonly folder?: string | undefined;
}

/** A site whose scenarios are in a folder. */
type PlacedSite = RunnableSite & { readonly place: string };

/**
 * Runs the scenarios of rebuilt sites in one run: all services of a site together, once for each way in which clients use and end connections.
 * Resolves with what each site came to. What breaks, or a signal, ends the run early: the `problem` of each site says so, and what was found
 * until then counts.
 * @throws UsageError for options that `run` refuses.
 */
export async function proveSites(
  sites: readonly RunnableSite[],
  request: ProofRequest,
  context: Context,
): Promise<readonly SiteProof[]> {
  const { directory, folder } = request;
  let written: string | undefined;
  const placed: PlacedSite[] = [];
  try {
    written = await mkdtemp(join(tmpdir(), 'lvs-lab-site-'));
    for (const [index, site] of sites.entries()) {
      const place = (index === 0 ? folder : undefined) ?? join(written, site.rebuilt.topic);
      if (place !== folder) await writeSite(place, site.rebuilt);
      placed.push({ ...site, place });
    }
  } catch (error) {
    if (written !== undefined) await removeTree(written);
    const why = `could not write the site's scenarios below ${tmpdir()}: ${messageOf(error)}`;
    return sites.map(() => notRun(directory, why));
  }
  try {
    return await proveIn(placed, request, context);
  } finally {
    await removeTree(written);
  }
}

/** Runs the scenarios in the sites' folders, and reads what they came to. */
async function proveIn(
  sites: readonly PlacedSite[],
  { how, directory }: ProofRequest,
  context: Context,
): Promise<readonly SiteProof[]> {
  const problems: string[] = [];
  const shown = (text: string) => sites.reduce((rest, { place }) => rest.replaceAll(`${place}/`, ''), text);
  const unreadable = await Promise.all(sites.map(({ rebuilt, place }) => problemOf(rebuilt, place)));
  const [ofFirst] = unreadable;
  // The others are changes of the first, and nothing without it.
  if (ofFirst !== undefined) return sites.map(() => notRun(directory, shown(ofFirst)));
  const own = sites.flatMap(({ rebuilt, place }, index) =>
    unreadable[index] === undefined
      ? rebuilt.labs.flatMap(({ scenarios }) =>
          scenarios.map(({ file, behaviour: { isSecond } }) => ({ name: join(place, file), isSecond })),
        )
      : [],
  );
  // Those first that may wait for a port until their time is up, beside which all others are run meanwhile.
  const names = own.toSorted((a, b) => Number(b.isSecond) - Number(a.isSecond)).map(({ name }) => name);
  await newRun(names, optionsFor(how, directory), quiet(context, problems), false).catch((error: unknown) => {
    // Of a run whose page or report found no room its results may be there.
    if (error instanceof UsageError || !(error instanceof LabError || isNoSpace(error))) throw error;
    problems.push(messageOf(error));
  });
  const recorded = await readSoundResults(directory, context.tell);
  const problem = problems.length === 0 ? undefined : problems.join('; ');
  const proofs: SiteProof[] = [];
  for (const [index, { rebuilt, prediction }] of sites.entries()) {
    const why = unreadable[index] ?? problem;
    proofs.push({
      services: await serviceProofs(recorded, rebuilt, prediction.services, shown),
      directory,
      problem: why === undefined ? undefined : shown(why),
    });
  }
  return proofs;
}

function optionsFor(
  { engine, accel, progress, kernel, lanes, deadline }: CheckRunOptions,
  out: string,
): RunOptions {
  const usual = withOptions(new Command(), runOptions()).parse([], { from: 'user' }).opts();
  return {
    ...{ ...usual, engine, accel, progress, out },
    ...(kernel !== undefined && { kernel }),
    ...(lanes !== undefined && { lanes }),
    ...(deadline !== undefined && { deadline }),
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

/** The proof of a site of which nothing was run. */
export function notRun(directory: string, problem: string | undefined): SiteProof {
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
