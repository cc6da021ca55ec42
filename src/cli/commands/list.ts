import type { Command } from 'commander';
import { table } from '../../report/table.js';
import { listScenarios } from '../../scenario/library.js';
import { ExitCode } from '../../support/errors.js';
import { formatExpectation } from '../../verdict/naming.js';
import type { Context } from '../context.js';
import { jsonOption } from '../options.js';
import type { End } from './end.js';

/** `list`: the scenarios that come with the package. */
export function addList(program: Command, context: Context, end: End): void {
  program
    .command('list')
    .description('list the scenarios')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const scenarios = await listScenarios();
      if (json) {
        context.printJson(
          scenarios.map(({ id, title, tags, expect, file }) => ({ id, title, tags, expect, file })),
        );
      } else {
        const rows = scenarios.map(({ id, title, expect }) => [id, title, formatExpectation(expect)]);
        context.print(`${table(['scenario', 'title', 'expected'], rows, context.paint)}\n`);
      }
      end(ExitCode.ok);
    });
}
