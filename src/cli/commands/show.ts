import type { Command } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { ExitCode } from '../../support/errors.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';
import { scenarioFiles } from '../options/scenarioFiles.js';
import { oneScenario } from '../options/selection.js';

/** `show SCENARIO`: its file as it was written, and the rule files that it names. */
export function addShow(program: Command, { io, print }: Context, ending: CommandAction): void {
  program
    .command('show')
    .description("print a scenario's file, and the rule files that it names, each below its path")
    .argument('<scenario>', 'an id, or the path of a .yaml file')
    .action(
      ending(async (name) => {
        const texts: string[] = [];
        for (const file of scenarioFiles(await oneScenario(name))) {
          const text = await readFile(file, 'utf8');
          texts.push(`# ${shown(file, io.cwd)}\n${text}${text.endsWith('\n') ? '' : '\n'}`);
        }
        print(texts.join('\n'));
        return ExitCode.ok;
      }),
    );
}

/** A path as somebody in this folder would write it. */
function shown(file: string, cwd: string): string {
  const below = relative(cwd, file);
  return below.startsWith('..') ? file : below;
}
