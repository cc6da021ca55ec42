import { join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { findCures } from '../../cure/findCures.js';
import type { VirtualService } from '../../prediction/model/question.js';
import { type Prediction, predict } from '../../prediction/predict.js';
import { probeSite } from '../../probe/probeSite.js';
import type { ServiceProbe } from '../../probe/serviceProbe.js';
import type { ServiceProof } from '../../proof/serviceProof.js';
import { rebuild } from '../../rebuild/rebuild.js';
import { cureText } from '../../report/check/cureText.js';
import { shownOutcome } from '../../prediction/model/shownOutcome.js';
import { predictionDocument } from '../../report/check/document/predictionDocument.js';
import {
  outcomeThatCounts,
  predictionText,
  problemText,
  type ShownProof,
} from '../../report/check/predictionText.js';
import { probeLeftLines } from '../../report/check/probeText.js';
import { rebuiltLines } from '../../report/check/rebuiltText.js';
import { serviceEnd } from '../../report/check/serviceEnd.js';
import { standInLines } from '../../report/check/standInText.js';
import { readSite } from '../../site/readSite.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { type CheckOptions, declareCheck } from './check/declareCheck.js';
import { proveWithCures, untried } from './check/proveWithCures.js';
import { readerOf } from './check/readerOf.js';
import { pathOf, readRealserverFiles } from './check/readRealserverFiles.js';
import { readStandIns, refuseUnusedStandIns } from './check/readStandIns.js';
import { refuseUsedFolder, saveSite } from './check/saveSite.js';
import { writePatch } from './check/writePatch.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';
import { Interruption } from '../frame/interruption.js';
import { defaultPlace, makeRunId, refuseUsedDirectory } from '../results/runDirectory.js';

/** `check FILE...`: what the rules of a director do to its services. */
export function addCheck(program: Command, context: Context, ending: CommandAction): void {
  declareCheck(program).action(ending((paths, options) => check(paths, options, context)));
}

async function check(paths: readonly string[], options: CheckOptions, context: Context): Promise<number> {
  const { io, print, printJson, paint } = context;
  const folder = options.save === undefined ? undefined : resolve(io.cwd, options.save);
  if (folder !== undefined) await refuseUsedFolder(folder);
  if (options.evidence !== undefined)
    await refuseUsedDirectory(resolve(io.cwd, options.evidence), '--evidence');
  const standIns = readStandIns(options.map);
  const read = await readerOf([...paths, ...options.realserver.map(pathOf)], options.yes === true, context);
  const files = await read(paths);
  const site = readSite(files, standIns);
  const realservers = await readRealserverFiles(options.realserver, (path) => read([path]), standIns);
  const all = [site, ...realservers.map((one) => one.site)];
  refuseUnusedStandIns(standIns, all);
  const named = {
    standIns,
    services: options.service,
    forwarding: options.forwarding,
    clientSide: options.in,
    serverSide: options.out,
    clients: options.client,
  };
  const prediction = predict(site, { ...named, realservers });
  const isUnderstood = !prediction.problems.some(({ done }) => done === 'refused');
  if (!isUnderstood && options.json !== true) throw notUnderstood(prediction);
  const rebuilt = isUnderstood ? rebuild(site, prediction, realservers) : undefined;
  if (rebuilt !== undefined && folder !== undefined) await saveSite(folder, rebuilt);
  const isRun =
    rebuilt !== undefined && options.predict !== true && options.probe !== true && rebuilt.labs.length > 0;
  const probe =
    isUnderstood && options.probe === true
      ? await probeSite(site, prediction, named, { signal: io.signal })
      : undefined;
  // Read only where there is something to clean up: signals end other checks at once.
  const signal = isRun ? io.signal : undefined;
  if (isRun) tellFirst(prediction, context);
  const found = isUnderstood ? findCures(files, named) : undefined;
  const ran = isRun
    ? await proveWithCures(
        { rebuilt, prediction },
        found,
        {
          how: options,
          directory: evidencePlace(options, io.cwd),
          folder,
          isEach: options.cures === true,
          realservers,
        },
        context,
      )
    : undefined;
  const proof = ran?.site;
  const isShown =
    rebuilt !== undefined &&
    (isRun || folder !== undefined || (options.predict !== true && probe === undefined));
  const shown = {
    services: proof?.services ?? new Map<VirtualService, ServiceProof>(),
    probes: probe?.services ?? new Map<VirtualService, ServiceProbe>(),
    kernel: probe?.kernel,
    directory: proof?.services.size === 0 ? undefined : proof?.directory,
    lines: [
      ...standInLines(all),
      ...(probe === undefined ? [] : probeLeftLines(probe)),
      ...(proof?.problem === undefined ? [] : [`the lab: ${proof.problem}`]),
      ...(isShown ? rebuiltLines(rebuilt) : []),
    ],
  };
  const own = isUnderstood ? exitCodeOf(prediction, shown) : ExitCode.usage;
  const tried = ran === undefined && found !== undefined ? untried(found) : ran?.cures;
  // Where the lab shows that nothing is in the way there is nothing to cure.
  const cures = own === ExitCode.ok ? undefined : tried;
  const exitCode = signal?.aborted === true ? codeOf(signal) : own;
  if (options.json)
    printJson(
      predictionDocument(
        { files: all.flatMap((one) => one.files), standIns: all.flatMap((one) => one.standIns) },
        prediction,
        shown,
        { cures, exitCode },
      ),
    );
  else {
    const cure = cures === undefined ? '' : cureText(cures, paint, options.cures === true);
    print(predictionText(prediction, { ...shown, cure }, paint));
  }
  const isCut = signal?.aborted === true && cures === undefined;
  if (options.patch !== undefined && !isCut) await writePatch(resolve(io.cwd, options.patch), cures);
  return exitCode;
}

/** The directory of the run. */
function evidencePlace({ evidence }: CheckOptions, cwd: string): string {
  return resolve(cwd, evidence ?? join(defaultPlace, `check-${makeRunId()}`));
}

/** What is known before the lab, which takes its time. */
function tellFirst({ services }: Prediction, { tell }: Context): void {
  for (const { service, outcome } of services)
    tell(
      `${serviceEnd(service)}: ${shownOutcome(service.protocol, outcome)}, as the rules read; now in the lab\n`,
    );
}

function exitCodeOf({ services }: Prediction, shown: Pick<ShownProof, 'services' | 'probes'>): 0 | 1 | 3 {
  const outcomes = services.map(({ service, outcome }) => outcomeThatCounts(service, shown) ?? outcome);
  if (outcomes.some((outcome) => outcome !== 'healthy' && outcome !== 'unknown'))
    return ExitCode.verdictFailed;
  return outcomes.length === 0 || outcomes.includes('unknown') ? ExitCode.inconclusive : ExitCode.ok;
}

/** The exit code of a check that a signal ended: what is known by then is printed all the same. */
function codeOf({ reason }: AbortSignal): Interruption['exitCode'] {
  return reason instanceof Interruption ? reason.exitCode : ExitCode.interrupted;
}

function notUnderstood({ problems }: Prediction): UsageError {
  return new UsageError(problems.map(problemText).join('\n'), {
    hint: 'Mend what is named, or leave the file out.',
  });
}
