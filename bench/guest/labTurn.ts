import path from 'node:path';
import { iptablesFlavours } from '../../src/contracts/words/nodes.js';
import { cacheRoot } from '../../src/engine/lifetime/paths.js';
import { parseResults } from '../../src/report/document/parseResults.js';
import { LabError } from '../../src/support/errors.js';
import { readRegularText } from '../../src/support/files/readRegular.js';
import { shellQuote } from '../../src/support/quote.js';
import { type CaseOutcome, labOutcomeOf } from '../cases/caseOutcome.js';
import { runInVm } from '../program/runInVm.js';
import { type Usage, usageOf } from '../usage/usage.js';

const largestResults = 64 * 2 ** 20;

/** What the lab came to and took, and what its guests were. */
interface LabTurn {
  readonly outcomes: readonly CaseOutcome[];
  readonly usage: Usage;
  readonly kernels: readonly string[];
  readonly accelerator: string;
}

/**
 * Does all cases by the lab: one command, from its start to its end, its guests' starts included. `options` are more arguments for
 * `lvs-lab run`, and `out` is the run directory, which it makes. Rejects with LabError when the run does not pass.
 */
export async function labTurn(
  scenarios: readonly string[],
  options: readonly string[],
  out: string,
): Promise<LabTurn> {
  const flavours = ['--iptables', iptablesFlavours.join(',')];
  const { value: end, usage } = await usageOf((variables) =>
    runInVm({
      scenarios,
      options: [...flavours, ...options],
      cacheHome: path.dirname(cacheRoot()),
      variables,
      out,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    }),
  );
  if (end.exitCode !== 0) {
    const argv = ['lvs-lab', 'run', ...scenarios, '--engine', 'vm', ...flavours, ...options];
    throw new LabError(`expected the lab's run to pass, it ended with exit code ${String(end.exitCode)}`, {
      hint: `see what \`${shellQuote(argv)}\` says`,
    });
  }
  const file = path.join(out, 'results.json');
  const { document } = parseResults(await readRegularText(file, largestResults), file, out);
  return {
    usage,
    outcomes: document.scenarios.map(labOutcomeOf),
    kernels: document.engines.map(({ identity }) => identity.kernel),
    accelerator: document.engines[0]?.identity.accelerator ?? 'unknown',
  };
}
