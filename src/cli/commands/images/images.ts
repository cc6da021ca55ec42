import type { Command } from '@commander-js/extra-typings';
import { imageTable } from '../../../report/listings/imageText.js';
import { ExitCode } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import type { CommandAction } from '../../frame/commandAction.js';
import { jsonOption, progressOption } from '../../options/options.js';
import { withProgress } from '../withProgress.js';

/** `images`: what `--image` takes, and how to bring it to a machine without a registry. */
export function addImages(program: Command, context: Context, ending: CommandAction): void {
  const images = program
    .command('images')
    .description('list what --image takes; move images to a machine without a registry');
  images
    .command('list')
    .description('list the images with a name, and what of them is on this machine')
    .addOption(jsonOption())
    .action(
      ending(async ({ json }) => {
        const listed = await context.services.images.list();
        if (json) context.printJson(listed);
        else context.print(imageTable(listed, context.paint));
        return ExitCode.ok;
      }),
    );
  images
    .command('save')
    .description('write the images of all roles into a file; the local Docker engine makes them')
    .argument('<file>', 'a tar to write')
    .option('--image <image>', 'which, as for `run`', 'auto')
    .addOption(progressOption())
    .action(
      ending(async (file, { image, ...options }) => {
        const { images: sets } = context.services;
        await withProgress(context, options, (progress) => sets.save(image, file, progress));
        context.print(`saved the images of ${image} in ${file}\n`);
        return ExitCode.ok;
      }),
    );
  images
    .command('load')
    .description('take in a file that `images save` wrote, to be used for the image it was saved as')
    .argument('<file>', 'the tar')
    .addOption(progressOption())
    .action(
      ending(async (file, options) => {
        const { images: sets } = context.services;
        const { image } = await withProgress(context, options, (progress) => sets.load(file, progress));
        context.print(`loaded; \`--image ${image}\` uses it\n`);
        return ExitCode.ok;
      }),
    );
}
