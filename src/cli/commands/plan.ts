import type { Command } from '@commander-js/extra-typings';
import { relative } from 'node:path';
import { noPaint } from '../../report/text/colour.js';
import { planText } from '../../report/listings/planText.js';
import { makePlan } from '../../scenario/plan/makePlan.js';
import { makeShape } from '../../scenario/plan/shape.js';
import { chooseSubnet } from '../../scenario/network/subnet.js';
import { unmatchedHintLines, unmatchedLines } from '../../report/phrases/unmatchedText.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { jsonOption } from '../options/options.js';
import { makeRunId } from '../results/runDirectory.js';
import { oneScenario, withMutations } from '../options/selection.js';

/** `plan SCENARIO`: what a run would do, touching nothing. */
export function addPlan(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('plan')
    .description(
      'print every name, address and command that a run would use, touching nothing, and on stderr what the file names and the lab does not have; networks may get other addresses in a run, and only an engine can say whether it takes the rules',
    )
    .argument('<scenario>', 'an id or the path of a .yaml file')
    .option('--mutate', 'what a run with --mutate would do: the scenario with its mutation made')
    .addOption(jsonOption())
    .action(
      ending(async (name, { json, mutate = false }) => {
        const runId = makeRunId();
        const named = await oneScenario(name);
        const [scenario = named] = mutate ? withMutations([named]) : [];
        const plan = planFor(scenario, runId);
        if (json) context.printJson(plan);
        else context.print(planText(plan, context.paint));
        tellUnmatched(scenario, context);
        return ExitCode.ok;
      }),
    );
}

/**
 * Warns on stderr of names in the rules that the lab does not have; stdout is kept for the plan. Only a kernel can tell whether it takes
 * the rules.
 */
function tellUnmatched({ file, unmatched }: Scenario, { io, tell }: Context): void {
  const lines = [
    ...unmatchedLines(relative(io.cwd, file), unmatched, noPaint),
    ...unmatchedHintLines(unmatched),
  ];
  for (const line of lines) tell(`${line}\n`);
}

/** Makes the plan of a scenario without asking an engine for its networks: where those are in use, a run takes other subnets. */
function planFor(scenario: Scenario, runId: string): Plan {
  const lan = chooseSubnet(runId, [], scenario);
  const front = chooseSubnet(runId, [lan], { id: `${scenario.id}/front`, topology: { subnet: undefined } });
  return makePlan(scenario, runId, makeShape(scenario, { runId, lab: 1, subnets: { lan, front } }));
}
