import { Option, type Command } from '@commander-js/extra-typings';
import { kernelTable, kernelText } from '../../report/listings/kernelText.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';
import { adding } from '../options/declared.js';
import { jsonOption, progressOption } from '../options/options.js';
import { withProgress } from './withProgress.js';

/** `kernel`: the kernels that `--kernel NAME` boots. */
export function addKernel(program: Command, context: Context, ending: CommandAction): void {
  const kernel = program
    .command('kernel')
    .description('add, list and look at kernels to boot with --kernel NAME');
  addAdd(kernel, context, ending);
  addList(kernel, context, ending);
  addInfo(kernel, context, ending);
  addRemove(kernel, context, ending);
}

function addAdd(kernel: Command, context: Context, ending: CommandAction): void {
  kernel
    .command('add')
    .description('add a kernel under a name')
    .argument('<name>', 'letters, digits, dots, dashes and underscores')
    .addOption(
      new Option(
        '--from <source>',
        "debian:SUITE, a .deb or .rpm (again for each of a set), a kernel's build tree, or a vmlinuz",
      )
        .argParser(adding(collect))
        .makeOptionMandatory(),
    )
    .option('--modules <dir>', 'what is installed as /lib/modules/RELEASE, when the source has none of it')
    .option('--config <file>', 'the configuration it was built with, when the source has none of it')
    .addOption(
      new Option('--module <file>', "put this .ko into the place of the kernel's own (repeatable)").argParser(
        adding(collect),
      ),
    )
    .addOption(jsonOption())
    .addOption(progressOption())
    .action(
      ending(async (name, { from, modules, config, module = [], ...options }) => {
        const { kernels } = context.services;
        const request = { name, from, modules, config, replacements: module };
        const added = await withProgress(context, options, (progress) => kernels.add(request, progress));
        if (options.json) context.printJson(added);
        else context.print(kernelText(added, context.paint));
        return ExitCode.ok;
      }),
    );
}

function addList(kernel: Command, context: Context, ending: CommandAction): void {
  kernel
    .command('list')
    .description('list the kernels that were added')
    .addOption(jsonOption())
    .action(
      ending(async ({ json }) => {
        const kernels = await context.services.kernels.list();
        if (json) context.printJson(kernels);
        else context.print(kernelTable(kernels, context.paint));
        return ExitCode.ok;
      }),
    );
}

function addInfo(kernel: Command, context: Context, ending: CommandAction): void {
  kernel
    .command('info')
    .description('say what is known of a kernel: release, build id, configuration, what it lacks')
    .argument('<kernel>', 'a name, or what else --kernel takes; that is fetched for it')
    .addOption(jsonOption())
    .addOption(progressOption())
    .action(
      ending(async (reference, options) => {
        const { kernels } = context.services;
        const info = await withProgress(context, options, (progress) => kernels.info(reference, progress));
        if (options.json) context.printJson(info);
        else context.print(kernelText(info, context.paint));
        return ExitCode.ok;
      }),
    );
}

function addRemove(kernel: Command, context: Context, ending: CommandAction): void {
  kernel
    .command('rm')
    .description('remove a kernel that was added')
    .argument('<name>', 'as `kernel list` has it')
    .addOption(jsonOption())
    .action(
      ending(async (name, { json }) => {
        await context.services.kernels.remove(name);
        if (json) context.printJson({ removed: name });
        else context.print(`removed the kernel ${name}\n`);
        return ExitCode.ok;
      }),
    );
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];
