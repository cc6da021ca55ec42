import { Argument, Command, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { candidatesFor } from '../../../../src/cli/completion/candidates.js';
import { placeholderOf, sourceOf, type NameLists } from '../../../../src/cli/completion/valueSources.js';
import { declaration, lvsLab } from '../harness.js';

const words =
  (...names: string[]) =>
  (): Promise<readonly string[]> =>
    Promise.resolve(names);
const lists: NameLists = {
  scenarios: words('close/one', 'close/two', 'cures/one'),
  tags: words('core', 'close'),
  kernels: words('debian:sid', 'debian:trixie', 'patched'),
  addedKernels: words('patched'),
  kernelSources: words('debian:sid'),
  images: words('auto', 'debian:sid'),
  flavours: words('nft', 'legacy'),
  nodes: words('client', 'director'),
  toolSets: words('none', 'patched'),
};

async function candidates(...line: string[]): Promise<readonly string[]> {
  const { words: found, paths } = await candidatesFor(declaration(), line, lists);
  return [...found.map(({ word }) => word), ...(paths === undefined ? [] : [`:${paths}`])];
}

describe('completion', () => {
  it('offers commands, those below a command, and no hidden one', async () => {
    expect(await candidates('')).toEqual(expect.arrayContaining(['run', 'list', 'kernel', 'completion']));
    expect(await candidates('')).not.toContain('complete');
    expect(await candidates('ke')).toEqual(['kernel']);
    expect(await candidates('kernel', '')).toEqual(['add', 'list', 'info', 'rm', 'help']);
  });

  it("offers a command's options, each once unless it may be given again, and no hidden one", async () => {
    expect(await candidates('run', '--ker')).toEqual(['--kernel']);
    expect(await candidates('run', '--json', '--js')).toEqual([]);
    expect(await candidates('run', '--tag', 'core', '--ta')).toEqual(['--tag']);
    expect(await candidates('run', '--jo')).toEqual([]);
    expect(await candidates('list', '--ker')).toEqual([]);
  });

  it('offers the choices of an option, behind a space and behind =', async () => {
    expect(await candidates('run', '--engine', '')).toEqual(['auto', 'local', 'vm']);
    expect(await candidates('run', '--engine=v')).toEqual(['--engine=vm']);
    expect(await candidates('run', '--expect', 'hea')).toEqual(['healthy']);
  });

  it('offers names that are looked up, and says where paths may stand', async () => {
    expect(await candidates('run', 'close/')).toEqual(['close/one', 'close/two', ':files']);
    expect(await candidates('run', '--kernel', 'debian:s')).toEqual(['debian:sid', ':files']);
    expect(await candidates('run', '--out', '')).toEqual([':folders']);
    expect(await candidates('judge', '')).toEqual([':folders']);
    expect(await candidates('kernel', 'rm', '')).toEqual(['patched']);
    expect(await candidates('kernel', 'add', '')).toEqual([]);
    expect(await candidates('shell', 'd')).toEqual(['director']);
    expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('goes on behind the comma of a list, without what is in it', async () => {
    expect(await candidates('run', '--kernel', 'debian:sid,')).toEqual([
      'debian:sid,debian:trixie',
      'debian:sid,patched',
    ]);
    expect(await candidates('run', '--kernel=debian:sid,p')).toEqual(['--kernel=debian:sid,patched']);
    expect(await candidates('up', '--kernel', 'debian:sid,')).toEqual([':files']);
  });

  it('takes the value of an option for no argument, and offers nothing behind the last argument', async () => {
    expect(await candidates('up', '--kernel', 'x', 'cu')).toEqual(['cures/one', ':files']);
    expect(await candidates('down', '')).toEqual([]);
    expect(await candidates('up', '--', '--ker')).toEqual([':files']);
  });

  it('is what the hidden command prints: a word, a tab and its text', async () => {
    const { out, code } = await lvsLab(['complete', '--', 'run', '--last']);
    expect({ out, code }).toEqual({
      out: '--last-failed\tonly scenarios that did not pass in the last run from this folder\n',
      code: 0,
    });
    expect((await lvsLab(['complete', '--', 'run', 'close/server-first-f'])).out).toBe(
      'close/server-first-fixed\t\n:files\n',
    );
    expect((await lvsLab(['complete', '--', 'kernel', ''])).out).toContain('rm\tremove a kernel');
  });
});

/** Options and arguments of which nobody has said what may stand there. */
function unknownValues(command: CommandUnknownOpts): readonly string[] {
  const path = command.name();
  return [
    ...command.options
      .filter(({ argChoices, required, optional }) => argChoices === undefined && (required || optional))
      .filter(({ flags }) => sourceOf(command, placeholderOf(flags) ?? '') === undefined)
      .map(({ flags }) => `${path} ${flags}`),
    ...command.registeredArguments
      .filter(({ argChoices }) => argChoices === undefined)
      .filter((argument) => sourceOf(command, argument.name()) === undefined)
      .map((argument) => `${path} <${argument.name()}>`),
    ...command.commands.flatMap(unknownValues),
  ];
}

describe('the sources of values', () => {
  it('are known for every option and argument', () => {
    expect(unknownValues(declaration())).toEqual([]);
  });

  it('are missed where a new placeholder has none', () => {
    const command = new Command('new')
      .addArgument(new Argument('<star>'))
      .addOption(new Option('--moon <moon>'))
      .addOption(new Option('--kernel <kernel>'));
    expect(unknownValues(command)).toEqual(['new --moon <moon>', 'new <star>']);
  });
});
