import { Argument, type Command } from '@commander-js/extra-typings';
import { ExitCode } from '../../support/errors.js';
import { candidatesFor } from '../completion/candidates.js';
import { nameLists } from '../completion/nameLists.js';
import { completionScript, shells } from '../completion/shells.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';

/** `completion SHELL`: the script that completes command lines, and what that asks. */
export function addCompletion(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands, options and names')
    .addArgument(new Argument('<shell>', 'for which').choices(shells))
    .addHelpText('after', howTo)
    .action(
      ending((shell) => {
        context.print(completionScript(shell));
        return Promise.resolve(ExitCode.ok);
      }),
    );
  program
    .command('complete', { hidden: true })
    .description('say what the last word of a command line may become')
    .argument('[command...]', 'after --: the words behind `lvs-lab`, the last of them unfinished')
    .action(
      ending(async (words) => {
        const { words: found, paths } = await candidatesFor(program, words, nameLists(context.services));
        for (const { word, text } of found) context.print(`${word}\t${text}\n`);
        if (paths !== undefined) context.print(`:${paths}\n`);
        return ExitCode.ok;
      }),
    );
}

const howTo = `
For this shell:
  bash   eval "$(lvs-lab completion bash)"
  zsh    eval "$(lvs-lab completion zsh)"
  fish   lvs-lab completion fish | source
For every one put that line into ~/.bashrc, ~/.zshrc (behind compinit) or ~/.config/fish/config.fish.`;
