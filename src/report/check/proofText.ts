import { isHealthy } from '../../contracts/words/outcomes.js';
import type { VirtualService } from '../../prediction/model/question.js';
import { shownOutcome } from '../../prediction/model/shownOutcome.js';
import type { ServiceProof } from '../../proof/serviceProof.js';
import type { Trial } from '../../proof/trial.js';
import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';

/** What a service came to in the lab: a row for each way in which clients end connections, and where the prediction says something else. */
export function proofLines(
  { trials, kernels, faults, open }: ServiceProof,
  { protocol }: VirtualService,
  paint: Paint,
): readonly string[] {
  const differs = new Set(kernels.map(({ outcome }) => outcome)).size > 1;
  return [
    '',
    table(
      ['in the lab', 'kernel', 'outcome', 'client', 'realserver'],
      trials.map((trial) => rowOf(trial, paint)),
      paint,
    ),
    ...(differs
      ? kernels.map(({ kernel, outcome }) => `  on ${kernel}: ${shownOutcome(protocol, outcome)}`)
      : []),
    ...(open === undefined ? [] : [`  ${open}`]),
    ...doubtLines(trials),
    ...faults.map((fault) => `  a fault of lvs-lab: ${fault}; the lab counts, and please report it`),
  ];
}

function rowOf({ behaviour, kernel, outcome, ends }: Trial, paint: Paint): readonly string[] {
  const word =
    outcome === undefined
      ? paint.yellow('not known')
      : isHealthy(outcome)
        ? paint.green(outcome)
        : paint.red(outcome);
  return [behaviour.title, kernel ?? '', word, ends?.client ?? '', ends?.realserver ?? ''];
}

/** Each reason why nothing is known once, with the ways that have it. */
function doubtLines(trials: readonly Trial[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { behaviour, doubts } of trials)
    for (const doubt of doubts) reasons.set(doubt, [...(reasons.get(doubt) ?? []), behaviour.title]);
  return [...reasons].map(
    ([doubt, titles]) =>
      `  not known${titles.length === trials.length ? '' : ` where ${titles.join('; ')}`}: ${doubt.replaceAll('\n', '; ')}`,
  );
}
