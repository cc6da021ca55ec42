// The lab beside a plain shell script that does the same cases on the same guest kernel: see README.md beside this. Prints a Markdown table and
// keeps the figures in results/.
import { Argument, Command, Option } from '@commander-js/extra-typings';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { iptablesFlavours } from '../src/contracts/words/nodes.js';
import { findScenarios } from '../src/scenario/library/library.js';
import { LabError } from '../src/support/errors.js';
import { agreedOutcomes, type CaseOutcome, scriptLinesIn } from './cases/caseOutcome.js';
import type { CaseResult, Turn } from './cases/caseResult.js';
import { caseTable } from './cases/caseTable.js';
import { plainCaseOf } from './cases/plainCase.js';
import { writeCases } from './cases/writeCases.js';
import { labTurn } from './guest/labTurn.js';
import { scriptTurn } from './guest/scriptTurn.js';
import { commandText } from './program/commandText.js';
import { keepResult } from './program/keepResult.js';
import { runCommandLine } from './program/runCommandLine.js';
import { machineText, thisMachine } from './thisMachine.js';

/** With direct routing the bug, a cure, and the bug where nothing tells of it; a cure with NAT, and the bug with tunnels. */
const usualScenarios = [
  'close/server-first',
  'close/client-first-fixed',
  'pitfalls/drop-instead',
  'sysctls/conntrack-nat',
  'topology/tun',
];

const command = new Command('npm run bench:case --')
  .description(
    'the lab beside a plain shell script that does the same cases on the same guest kernel, in turn; bench/README.md says how to read it',
  )
  .addArgument(
    new Argument('[scenarios...]', 'each is done with both flavours of iptables').default(usualScenarios),
  )
  .addOption(new Option('--rounds <n>', 'how many').argParser(wholeNumber(1, 100)).default(3))
  .addOption(
    new Option('--at-once <n>', 'cases that the script does at a time')
      .argParser(wholeNumber(1, 32))
      .default(1),
  )
  .addOption(new Option('--kernel <kernel>', 'of the guests, as `lvs-lab run` names it'))
  .action(async (scenarios, { rounds, atOnce, kernel }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
    try {
      const options = kernel === undefined ? [] : ['--kernel', kernel];
      const result = await compare({ folder, scenarios, rounds, atOnce, options });
      console.log(`${headText(result)}\n\n${caseTable(result)}`);
      await keepResult('case', result);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

interface Comparison {
  /** For what is not kept. */
  readonly folder: string;
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly atOnce: number;
  /** More arguments for `lvs-lab up` and `lvs-lab run`. */
  readonly options: readonly string[];
}

/** Has script and lab do all cases in turn. Rejects with LabError when they do not come to the same, or are not on the same kernel. */
async function compare(asked: Comparison): Promise<CaseResult> {
  const { folder, scenarios, rounds, atOnce, options } = asked;
  const found = await findScenarios(scenarios);
  const cases = iptablesFlavours.flatMap((flavour) =>
    found.map((scenario) => plainCaseOf(scenario, flavour)),
  );
  const casesFolder = path.join(folder, 'cases');
  await writeCases(casesFolder, cases);
  const names = cases.map(({ name }) => name);
  const turns: Turn[] = [];
  for (;;) {
    const round = turns.length + 1;
    process.stderr.write(`round ${round} of ${rounds}: the script\n`);
    const script = await scriptTurn({ casesFolder, atOnce, options });
    process.stderr.write(`round ${round} of ${rounds}: the lab\n`);
    const lab = await labTurn(scenarios, options, path.join(folder, `lab${round}`));
    refuseOtherKernels(script.guest.kernel, lab.kernels);
    const lines = scriptLinesIn(script.output);
    const outcomes: readonly CaseOutcome[] = agreedOutcomes(names, lab.outcomes, lines);
    const controlSeconds = lines.reduce((sum, each) => sum + each.controlMilliseconds, 0) / 1000;
    turns.push({ script: { ...script.usage, controlSeconds }, lab: lab.usage });
    if (round < rounds) continue;
    const { kernel: guestKernel, processors: guestProcessors } = script.guest;
    const guest = { guestKernel, guestProcessors, accelerator: lab.accelerator };
    return {
      at: new Date().toISOString(),
      command: commandText('bench:case'),
      machine: { ...thisMachine(), node: process.versions.node, ...guest },
      work: { atOnce },
      outcomes: [...outcomes],
      turns,
    };
  }
}

function refuseOtherKernels(wanted: string, found: readonly string[]): void {
  if (found.every((kernel) => kernel === wanted)) return;
  throw new LabError(
    `expected the same kernel for both, found ${found.join(', ')} (lab) and ${wanted} (script)`,
  );
}

/** What was measured, and on what. */
function headText({ at, machine, outcomes, work }: CaseResult): string {
  const { guestKernel, accelerator, guestProcessors } = machine;
  return [
    `${machineText(machine)}, ${at.slice(0, 10)}`,
    `guest: Linux ${guestKernel}, ${accelerator}; that of the script has ${guestProcessors} processors`,
    `the script does ${work.atOnce} of ${outcomes.length} cases at a time; both came to`,
    ...outcomes.map((each) => `  ${each.case}: ${each.outcome} with ${each.signal}`),
  ].join('\n');
}

await runCommandLine(command);
