import type { Command } from '@commander-js/extra-typings';
import { toolTable } from '../../../report/listings/toolText.js';
import { ExitCode, UsageError } from '../../../support/errors.js';
import type { CommandAction } from '../../frame/commandAction.js';
import type { Context } from '../../frame/context.js';
import { withOptions } from '../../options/declared.js';
import { jsonOption } from '../../options/options.js';
import { askedTools, toolFileOptions } from '../../options/toolOptions.js';

/** `tools`: packages and files that `--tools NAME` puts into images. */
export function addTools(program: Command, context: Context, ending: CommandAction): void {
  const { io, services, print, printJson, paint } = context;
  const tools = program
    .command('tools')
    .description('add, list and remove unreleased packages and programs to run with --tools NAME');
  const add = tools
    .command('add')
    .description('keep packages and files under a name')
    .argument('<new-name>', 'letters, digits, dots, dashes and underscores');
  withOptions(add, [...toolFileOptions(), jsonOption()]).action(
    ending(async (name, { json, ...files }) => {
      const asked = askedTools(files, io.cwd);
      if (asked.length === 0) {
        throw new UsageError(`expected something to keep as ${name}, found none`, {
          hint: 'name packages with --deb FILE, programs with --bin PATH=FILE',
        });
      }
      const added = await services.tools.add(name, asked);
      if (json) printJson(added);
      else print(toolTable([added], paint));
      return ExitCode.ok;
    }),
  );
  tools
    .command('list')
    .description('list them, with what is in each')
    .addOption(jsonOption())
    .action(
      ending(async ({ json }) => {
        const sets = await services.tools.list();
        if (json) printJson(sets);
        else print(toolTable(sets, paint));
        return ExitCode.ok;
      }),
    );
  tools
    .command('rm')
    .description('remove one; images that were made with it stay')
    .argument('<set>', 'as `tools list` has it')
    .action(
      ending(async (name) => {
        await services.tools.remove(name);
        print(`removed the tools ${name}\n`);
        return ExitCode.ok;
      }),
    );
}
