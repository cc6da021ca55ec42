import type { Command } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isShipped } from '../../scenario/library/library.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { packageRoot } from '../../support/packageRoot.js';
import { shellQuote } from '../../support/quote.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';
import { oneScenario } from '../options/selection.js';
import { copiedScenario, ownScenario, schema, type StarterFile } from '../starter/starterFiles.js';
import { writeStarter } from '../starter/writeStarter.js';

/** `init [NAME]`: a scenario of one's own to start from. */
export function addInit(program: Command, { io, print }: Context, ending: CommandAction): void {
  program
    .command('init')
    .description('write a scenario to start from, with a file for the rules of a director')
    .argument('[name]', 'lower-case letters, digits and dashes, perhaps behind a folder', 'mine')
    .option('--from <scenario>', 'start from a copy of this one of the library, with its rule files')
    .action(
      ending(async (given, { from }) => {
        const { folder, name } = placeOf(given, io.cwd);
        const files = from === undefined ? ownScenario(name, await stockRules()) : await copyOf(name, from);
        await writeStarter(folder, files, schema());
        const path = (file: StarterFile): string => relative(io.cwd, join(folder, file.name));
        for (const file of [...files, schema()]) print(`${path(file)}: ${file.purpose}\n`);
        const [scenario] = files;
        if (scenario !== undefined) print(nextText(shellQuote([path(scenario)])));
        return ExitCode.ok;
      }),
    );
}

const nextText = (file: string): string => `
Check it, then run it:
  lvs-lab validate ${file}
  lvs-lab run ${file}
`;

const stockRules = (): Promise<string> =>
  readFile(join(packageRoot, 'scenarios', 'rules', 'stock.iptables'), 'utf8');

/** `sites/mine` and `sites/mine.yaml` -> the folder sites and the name mine. Throws UsageError for what cannot be part of an id. */
function placeOf(given: string, cwd: string): { readonly folder: string; readonly name: string } {
  const name = basename(given).replace(/\.ya?ml$/, '');
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) return { folder: resolve(cwd, dirname(given)), name };
  throw new UsageError(
    `expected a name of lower-case letters, digits and single dashes, such as our-director, found ${basename(given)}`,
    { hint: "it becomes the second half of the scenario's id, and the name of its file" },
  );
}

async function copyOf(name: string, from: string): Promise<readonly StarterFile[]> {
  const scenario = await oneScenario(from);
  if (isShipped(scenario.file)) return copiedScenario(name, scenario);
  throw new UsageError(`expected --from to name a scenario of the library, found ${scenario.file}`, {
    hint: 'copy a file of your own as it is, and change its id; `lvs-lab list` has the library',
  });
}
