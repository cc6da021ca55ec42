import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { isAdding } from '../../../../src/cli/options/declared.js';
import { declaration, lvsLab } from '../harness.js';

/** Two values where an option takes neither any text nor one of a few words. */
const samples: Readonly<Record<string, readonly [string, string]>> = {
  deadline: ['90s', '10m'],
  flows: ['50', '60'],
  iptables: ['nft', 'legacy'],
  lanes: ['2', '3'],
  repeatEach: ['2', '3'],
  shard: ['1/2', '2/2'],
  snapshot: ['2026-01-31', '2026-02-01'],
  vms: ['2', '3'],
};

interface Declared {
  /** The words that lead to the command: `kernel add`. */
  readonly path: readonly string[];
  readonly command: CommandUnknownOpts;
  readonly option: Option;
}

/** Every option that takes a value, of every command. */
function valueOptions(command: CommandUnknownOpts, path: readonly string[] = []): readonly Declared[] {
  return [
    ...command.options
      .filter((option) => option.required || option.optional)
      .map((option) => ({ path, command, option })),
    ...command.commands.flatMap((below) => valueOptions(below, [...path, below.name()])),
  ];
}

const all = valueOptions(declaration()).map((one) => ({
  ...one,
  name: `${one.path.join(' ')} ${one.option.long ?? ''}`,
}));

/** Two values that an option takes. */
function valuesFor(option: Option): readonly [string, string] {
  const [first = 'one', second = 'two'] = option.argChoices ?? [];
  return samples[option.attributeName()] ?? [first, second];
}

/** Words for all arguments that a command insists on, and all options. */
function needed({ command, option }: Declared): readonly string[] {
  return [
    ...command.registeredArguments.flatMap((argument) => (argument.required ? ['word'] : [])),
    ...command.options.flatMap((other) =>
      other.mandatory && other.long !== option.long ? [other.long ?? '', 'word'] : [],
    ),
  ];
}

/** What the command makes of the words; nothing is done. Rejects as the command line would. */
async function parsed(one: Declared, words: readonly string[]): Promise<unknown> {
  const program = declaration();
  await program.parseAsync([...one.path, ...needed(one), ...words], { from: 'user' });
  const command = one.path.reduce<CommandUnknownOpts>(
    (above, name) => above.commands.find((each) => each.name() === name) ?? above,
    program,
  );
  return (command.opts() as Readonly<Record<string, unknown>>)[one.option.attributeName()];
}

describe('an option with one value', () => {
  const single = all.filter(({ option }) => !isAdding(option));

  it('is most of them', () => {
    expect(single.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['run --engine', 'run --shard', 'run --junit', 'up --kernel', 'judge --expect']),
    );
  });

  it.each(single)('is refused when given twice, with both values: $name', async (one) => {
    const [first, second] = valuesFor(one.option);
    const long = one.option.long ?? '';
    await expect(parsed(one, [`${long}=${first}`])).resolves.toBeDefined();
    await expect(parsed(one, [`${long}=${first}`, `${long}=${second}`])).rejects.toThrow(
      `expected ${long} once, found it twice: ${first} and ${second}`,
    );
  });
});

describe('an option that adds values up', () => {
  const several = all.filter(({ option }) => isAdding(option));

  it('is each of these', () => {
    expect(several.map(({ name }) => name)).toEqual([
      ...['run --tag', 'run --kernel', 'run --image', 'run --tools', 'run --deb', 'run --bin'],
      ...['run --iptables', 'check --service', 'check --client', 'check --realserver', 'check --map'],
      ...['check --kernel', 'list --tag'],
      ...['kernel add --from', 'kernel add --module', 'tools add --deb', 'tools add --bin'],
    ]);
  });

  it.each(several)('takes both when given twice: $name', async (one) => {
    const [first, second] = valuesFor(one.option);
    const long = one.option.long ?? '';
    expect(await parsed(one, [long, first, long, second])).toEqual([first, second]);
  });

  it.each(several.filter(({ option }) => /separated by commas|nft,legacy/.test(option.description)))(
    'takes each once, however it is given: $name',
    async (one) => {
      const [first, second] = valuesFor(one.option);
      const long = one.option.long ?? '';
      expect(await parsed(one, [long, `${first},${second}`])).toEqual([first, second]);
      await expect(parsed(one, [long, first, long, first])).rejects.toThrow(`found ${first} twice`);
    },
  );
});

describe('nothing in the place of a value', () => {
  it.each(all)('is refused: $name', async (one) => {
    const long = one.option.long ?? '';
    await expect(parsed(one, [`${long}=`])).rejects.toThrow(/expected|is invalid/);
    const [first] = valuesFor(one.option);
    await expect(parsed(one, [`${long}=${first}`])).resolves.toBeDefined();
  });

  it.each([
    ['the results of a run', ['judge', '']],
    ['a scenario', ['run', '']],
    ['one of two scenarios', ['run', 'close/server-first', '']],
    ['a kernel', ['kernel', 'info', '']],
    ['a file', ['validate', 'mine.yaml', '']],
    ['a node', ['shell', '', '--', 'true']],
  ])('is refused in the place of %s', async (_, argv) => {
    const { code, out, err } = await lvsLab(argv);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^error: expected a value for \w+, found an empty text/);
  });

  it('is a word of the command that `shell` runs', async () => {
    const { code, err } = await lvsLab(['shell', 'client', '--', 'printf', '%s', '']);
    expect({ code, err }).toEqual({ code: 7, err: '' });
  });
});

describe('an option in the place of a value', () => {
  it.each([
    [['run', '--junit', '--ktap', 'x'], 'expected a value for --junit, found the option --ktap'],
    [['run', '--out', '-x'], 'expected a value for --out, found the option -x'],
    [['run', '--grep', '--shard=1/2'], 'expected a value for --grep, found the option --shard=1/2'],
  ])('is refused: %j', async (argv, message) => {
    const { code, err } = await lvsLab(argv);
    expect(code).toBe(5);
    expect(err).toContain(message);
  });

  it('is a value where no option of the command has its name', async () => {
    const { code, out } = await lvsLab(['list', '--grep', '-first$', '--json']);
    expect(code).toBe(0);
    expect(out).toContain('close/server-first');
  });
});
