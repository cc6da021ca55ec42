import { isAbsolute, join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { unmatchedHintLines, unmatchedLines } from '../../report/phrases/unmatchedText.js';
import { loadScenario } from '../../scenario/file/loadScenario.js';
import { libraryIds, readScenario } from '../../scenario/library/library.js';
import { unmatchedInFile } from '../../scenario/unmatched/inMutation.js';
import { ExitCode } from '../../support/errors.js';
import type { Context } from '../frame/context.js';
import type { CommandAction } from '../frame/commandAction.js';

/** `validate FILE...`: every problem of every file. */
export function addValidate(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('validate')
    .description(
      'check scenario files and report every problem at file:line:column; warn of what they name and the lab does not have',
    )
    .argument('<file...>', 'scenario files, or ids that `list` shows')
    .action(
      ending(async (files) => {
        const valid: boolean[] = [];
        for (const file of files) valid.push(await validate(file, context));
        return valid.every(Boolean) ? ExitCode.ok : ExitCode.usage;
      }),
    );
}

async function validate(file: string, { io, paint, print, complain }: Context): Promise<boolean> {
  try {
    const isId = (await libraryIds()).includes(file);
    const scenario = await (isId
      ? readScenario(file)
      : loadScenario(isAbsolute(file) ? file : join(io.cwd, file)));
    print(`${file}: valid (${scenario.id})\n`);
    const unmatched = unmatchedInFile(scenario);
    const warnings = [...unmatchedLines(file, unmatched, paint), ...unmatchedHintLines(unmatched)];
    for (const line of warnings) print(`${line}\n`);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
