import { join } from 'node:path';
import { clientKey } from '../../../evidence/model/connectionKey.js';
import { loadReportSchema } from '../../../evidence/model/loadReport.js';
import type { ServicePrediction } from '../../../prediction/model/prediction.js';
import type { VirtualService } from '../../../prediction/model/question.js';
import { type ServiceProof, serviceProof } from '../../../proof/serviceProof.js';
import { type JobEnd, type Trial, trialOf } from '../../../proof/trial.js';
import { groupedBy } from '../../../rebuild/groupedBy.js';
import type { Rebuilt, RebuiltScenario } from '../../../rebuild/rebuilt.js';
import type { RecordedResults } from '../../../report/document/parseResults.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { readRegularText } from '../../../support/files/readRegular.js';
import { parseJson } from '../../../support/parseJson.js';
import { largestDocument } from '../../results/largestDocument.js';

/**
 * What the services of a rebuilt site came to in a run; one that is missing was not run. `shown` takes the paths of temporary folders out of
 * messages.
 */
export async function serviceProofs(
  recorded: RecordedResults | undefined,
  rebuilt: Rebuilt,
  services: readonly ServicePrediction[],
  shown: (text: string) => string,
): Promise<ReadonlyMap<VirtualService, ServiceProof>> {
  const ended = resultsOf(recorded, rebuilt);
  // What never began is no trial, unless others did.
  const results = ended.some(({ notRun: why }) => why === undefined) ? ended : [];
  const kernel = recorded?.engines[0]?.identity.kernel;
  const found = new Map<VirtualService, ServiceProof>();
  for (const prediction of services) {
    const labs = rebuilt.labs.filter((lab) => lab.services.includes(prediction.service));
    const trials: Trial[] = [];
    const { protocol, port } = prediction.service;
    for (const lab of labs) {
      const scenarios = lab.scenarios.filter(({ behaviour }) => behaviour.protocol === protocol);
      // In the order in which people read of behaviours, which is not the one in which they are run.
      for (const [, onKernel] of groupedBy(results, ({ cell }) => cell?.kernel))
        for (const one of scenarios)
          for (const result of onKernel.filter(({ scenario }) => scenario === one.id))
            trials.push(trialOf(await endOf(result, one, kernel, shown), port));
    }
    if (trials.length > 0) found.set(prediction.service, serviceProof(prediction, trials, labs.length));
  }
  return found;
}

function resultsOf(
  recorded: RecordedResults | undefined,
  { labs }: Pick<Rebuilt, 'labs'>,
): readonly ScenarioResult[] {
  const ids = new Set(labs.flatMap(({ scenarios }) => scenarios.map(({ id }) => id)));
  return recorded?.results.filter(({ scenario }) => ids.has(scenario)) ?? [];
}

async function endOf(
  result: ScenarioResult,
  { behaviour }: RebuiltScenario,
  kernel: string | undefined,
  shown: (text: string) => string,
): Promise<JobEnd> {
  const { verdict, error, directory, cell } = result;
  return {
    behaviour,
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
