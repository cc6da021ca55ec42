import type { Command } from 'commander';
import { planText } from '../../report/planText.js';
import { findScenarios } from '../../scenario/library.js';
import { makePlan } from '../../scenario/plan.js';
import { chooseSubnet } from '../../scenario/subnet.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../context.js';
import { jsonOption } from '../options.js';
import { makeRunId } from '../runDirectory.js';
import type { End } from './end.js';

/** `plan SCENARIO`: what a run would do, touching nothing. */
export function addPlan(program: Command, context: Context, end: End): void {
  program
    .command('plan')
    .description('print every name, address and command that a run would use, touching nothing')
    .argument('<scenario>', 'an id or the path of a .yaml file')
    .addOption(jsonOption())
    .action(async (name: string, { json }: { json?: boolean }) => {
      const runId = makeRunId();
      for (const scenario of await findScenarios([name])) {
        // The engine is not asked which networks it has: a run may take another subnet where this one is in use.
        const plan = makePlan(scenario, { runId, subnet: chooseSubnet(runId, [], scenario) });
        if (json) context.printJson(plan);
        else context.print(planText(plan, context.paint));
      }
      end(ExitCode.ok);
    });
}
