import { Command, Option } from '@commander-js/extra-typings';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptByRun, runOptions } from '../../../../src/cli/commands/run/runOptions.js';
import { targetArgv } from '../../../../src/cli/commands/run/targetArgv.js';
import { holderArgv, keptByUp } from '../../../../src/cli/commands/up/upOptions.js';
import { childArguments, type ParentOnlyOptions } from '../../../../src/cli/options/childArguments.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { declaration, fakeServices, folder, lvsLab, scenarioFiles, type Calls } from '../harness.js';
import { nested } from '../matrices.js';

type Values = Readonly<Record<string, unknown>>;

/** A command that starts another process: its options, those that it keeps, and how it starts the other one. */
interface Starter {
  readonly declared: readonly Option[];
  readonly kept: ParentOnlyOptions;
  readonly argvOf: (values: Values) => readonly string[];
}

const declaredBy = (name: string): readonly Option[] =>
  declaration().commands.find((command) => command.name() === name)?.options ?? [];

const run: Starter = {
  declared: declaredBy('run'),
  kept: keptByRun,
  argvOf: (values) => {
    const target = { name: 'one', kernel: undefined, image: undefined };
    return targetArgv({ target, jobs: [], directory: 'd', jobsFile: 'j' }, values);
  },
};

const up: Starter = {
  declared: declaredBy('up'),
  kept: keptByUp,
  argvOf: (values) => holderArgv('scenario.yaml', 'd', values),
};

/** What to say where an option takes neither nothing nor one of a few words. */
const samples: Readonly<Record<string, string>> = {
  flows: '50',
  repeatEach: '2',
  lanes: '3',
  iptables: 'legacy,nft',
  kernel: 'debian:sid',
  image: 'debian:trixie',
};

function sampleOf(option: Option): readonly string[] {
  const long = option.long ?? '';
  if (option.isBoolean()) return [long];
  const other = option.argChoices?.find((choice) => choice !== option.defaultValue);
  return [long, samples[option.attributeName()] ?? other ?? 'text'];
}

function parsed(declared: readonly Option[], argv: readonly string[]): Values {
  const command = new Command().argument('[words...]').exitOverride().allowExcessArguments();
  for (const option of declared) command.addOption(option);
  return command.parse(argv, { from: 'user' }).opts();
}

/** What is wrong with how options are handed over, one sentence each. */
function lostOptions({ declared, kept, argvOf }: Starter): readonly string[] {
  const names = declared.map((option) => option.attributeName());
  return [
    ...Object.keys(kept).flatMap((name) => (names.includes(name) ? [] : [`${name} is kept, and no option`])),
    ...Object.entries(kept).flatMap(([name, why]) =>
      why === '' ? [`${name} is kept without a reason`] : [],
    ),
    ...declared
      .filter((option) => !(option.attributeName() in kept))
      .flatMap((option) => {
        const name = option.attributeName();
        const before = parsed(declared, sampleOf(option));
        try {
          const [, ...argv] = argvOf(before);
          const after = parsed(declared, argv);
          return JSON.stringify(after[name]) === JSON.stringify(before[name]) ? [] : [`${name} is lost`];
        } catch (error) {
          return [`${name} is lost: ${String(error)}`];
        }
      }),
  ];
}

describe('commands that start another process', () => {
  it.each([
    ['run', run],
    ['up', up],
  ])('%s hands over every option unchanged, or says why it keeps it', (_, starter) => {
    expect(starter.declared.length).toBeGreaterThan(Object.keys(starter.kept).length);
    expect(lostOptions(starter)).toEqual([]);
  });

  it.each([
    ['run', run],
    ['up', up],
  ])('%s would be seen to lose an option that it does not hand over', (_, starter) => {
    const declared = [...starter.declared, new Option('--new <words>')];
    expect(lostOptions({ ...starter, declared })).toEqual(['new is lost']);
    const flag = [...starter.declared, new Option('--new')];
    expect(lostOptions({ ...starter, declared: flag })).toEqual(['new is lost']);
    const kept = { ...starter.kept, new: 'for a reason' };
    expect(lostOptions({ ...starter, declared, kept })).toEqual([]);
  });

  it('would be seen to hand over what words cannot say, or say differently', () => {
    const starting = (option: Option): Starter => {
      const declared = [option];
      return { declared, kept: {}, argvOf: (values) => ['run', ...childArguments(declared, values, {})] };
    };
    const plain = new Option('--new <words>');
    expect(lostOptions(starting(plain))).toEqual([]);
    const object = new Option('--new <words>').argParser((text) => ({ text })) as unknown as Option;
    expect(lostOptions(starting(object))).toEqual([expect.stringMatching(/^new is lost: .*--new/)]);
    const twice = new Option('--new <words>').argParser((text) => `${text}!`) as unknown as Option;
    expect(lostOptions(starting(twice))).toEqual(['new is lost']);
  });

  it('would be seen to keep what is no option, or for no reason', () => {
    expect(lostOptions({ ...run, kept: { ...keptByRun, gone: 'it was there once', tag: '' } })).toEqual([
      'gone is kept, and no option',
      'tag is kept without a reason',
    ]);
  });

  it('are these two', () => {
    const commands = join(packageRoot, 'src/cli/commands');
    const starting = readdirSync(commands, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) =>
        /services[.](?:runChild|startDetached)\b/.test(readFileSync(join(commands, file), 'utf8')),
      );
    expect(starting.sort()).toEqual(['run/runOnTargets.ts', 'up/holdInBackground.ts']);
  });
});

describe('run --resume', () => {
  /** Options that say how a run goes on, and not what it is. */
  const allowed = 'resume deadline json verbose progress junit ktap lanes vms'.split(' ');

  const optionNames = run.declared.map((option) => option.attributeName());

  it('goes together with nothing that was asked for when the run began', () => {
    const { conflictsWith } = runOptions().find(
      (option) => option.attributeName() === 'resume',
    ) as unknown as { readonly conflictsWith: readonly string[] };
    expect([...conflictsWith, ...allowed].sort()).toEqual([...optionNames].sort());
  });

  it('finds every option recorded that a child would get', async () => {
    const handedOver = run.declared.filter((option) => !(option.attributeName() in keptByRun));
    for (const option of handedOver) {
      const cwd = folder();
      const files = scenarioFiles(cwd, [{ id: 't/a' }]);
      const calls: Calls = [];
      const argv = ['run', ...files, '--out', 'out', ...sampleOf(option)];
      await lvsLab(argv, nested(fakeServices({}, calls)), { cwd });
      const { options } = JSON.parse(readFileSync(join(cwd, 'out', 'asked.json'), 'utf8')) as {
        readonly options: Values;
      };
      const said = parsed(run.declared, sampleOf(option));
      expect({ [option.attributeName()]: options[option.attributeName()] }).toEqual({
        [option.attributeName()]: said[option.attributeName()],
      });
    }
  });
});
