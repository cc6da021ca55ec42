import { describe, expect, it } from 'vitest';
import { lvsLab } from './harness.js';

describe('the command line', () => {
  it('lists commands and exit codes in --help', async () => {
    const { code, out, err } = await lvsLab(['--help']);
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const command of 'run list plan validate judge doctor clean up shell down'.split(' ')) {
      expect(out).toMatch(new RegExp(`^  ${command}[ \\[]`, 'm'));
    }
    for (const exitCode of [0, 1, 2, 3, 4, 5, 130, 143]) {
      expect(out).toMatch(new RegExp(`^  ${exitCode} +\\S`, 'm'));
    }
  });

  it('lists the exit codes and every option in the help of run', async () => {
    const { out } = await lvsLab(['run', '--help']);
    const wanted = [
      '--engine',
      '--kernel',
      '--keep',
      '--out',
      '--expect',
      '--json',
      '--progress',
      '--image',
      '--iptables',
      '--vms',
      '--shard',
      '--accel',
      '--deadline',
      '--tag',
      '--grep',
      '--last-failed',
      '--mutate',
      '--repeat-each',
      '--shuffle',
      '--list',
      '--lanes',
      '--fresh-control',
      '-x, --stop-on-failure',
      '--verbose',
    ];
    for (const option of wanted) expect(out).toContain(`${option} `);
    expect(out).toContain('Exit codes:');
  });

  it('prints its version', async () => {
    expect(await lvsLab(['--version'])).toMatchObject({ code: 0, out: '9.9.9\n' });
  });

  it.each([
    ['no command', [], 'Usage: lvs-lab'],
    ['an unknown command', ['rnu'], "unknown command 'rnu'"],
    ['an unknown option', ['run', '--kernal', 'x'], 'Did you mean --kernel?'],
    ['an unknown command, whose help is the general one', ['rnu'], '(see `lvs-lab --help`)'],
    ['an unknown option of a command', ['judge', '--html', 'x'], '(see `lvs-lab judge --help`)'],
    ['one of a command of a group', ['kernel', 'rm', '--all'], '(see `lvs-lab kernel rm --help`)'],
    ['an unknown engine', ['run', '--engine', 'podman'], 'Allowed choices are auto, local, vm.'],
    [
      'an unknown outcome',
      ['run', '--expect', 'fine'],
      'Allowed choices are healthy, bypassed, close-blocked',
    ],
    [
      'a deadline without a unit',
      ['run', '--deadline', '90'],
      'expected a number with its unit (ms, s or m), such as 90s or 10m.',
    ],
    ['a deadline of nothing', ['run', '--deadline', '0s'], 'expected a number with its unit'],
    ['a missing argument', ['plan'], "missing required argument 'scenario'"],
    ['one argument too many', ['down', 'close'], 'too many arguments'],
    ['a regular expression that is none', ['run', '--grep', '('], 'expected a regular expression: '],
    ['the same in list', ['list', '--grep', '['], 'expected a regular expression: '],
    ['no repeat', ['run', '--repeat-each', '0'], 'expected a whole number from 1 to 1000.'],
    ['too many repeats', ['run', '--repeat-each', '1001'], 'expected a whole number from 1 to 1000.'],
    ['half a repeat', ['run', '--repeat-each', '1.5'], 'expected a whole number from 1 to 1000.'],
    ['no lane', ['run', '--lanes', '0'], 'expected a whole number from 1 to 64.'],
    ['a scenario as the seed', ['run', '--shuffle', 'close/server-first'], 'give the seed as --shuffle=SEED'],
    ['mutations up to the first failure', ['run', '--mutate', '-x'], 'a mutation is meant to fail'],
    ['a glob of several to plan', ['plan', 'close/server-first*'], 'expected one scenario, found '],
    ['a glob of several to bring up', ['up', 'close/server-first*'], 'expected one scenario, found '],
    ['an unknown scenario', ['run', 'close/server-frist'], 'close/server-first'],
    ['an unknown scenario to plan', ['plan', 'no/such'], 'no/such'],
  ])('%s ends with 5 and says so on stderr', async (_, argv, message) => {
    const { code, out, err } = await lvsLab(argv);
    expect(code).toBe(5);
    expect(out).toBe('');
    expect(err).toContain(message);
  });
});
