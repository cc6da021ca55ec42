import { availableParallelism } from 'node:os';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labRoom } from '../../../../../src/engine/docker/labRoom.js';
import { bytesPerMachine } from '../../../../../src/engine/vm/qemu/machineArgs.js';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import { LabError } from '../../../../../src/support/errors.js';
import { failed, passed } from '../../../report/samples.js';
import { fakeServices, folder, judging, lvsLab, scenarioFiles, type Calls } from '../../harness.js';
import { documentIn, fourScenarios, nested } from '../../matrices.js';

const kernels = ['--kernel', 'debian:bookworm,debian:sid'];

describe('run --iptables', () => {
  it('runs each scenario with each flavour, on one engine', async () => {
    const calls: Calls = [];
    const files = scenarioFiles(folder(), [{ id: 't/a' }, { id: 't/b' }]);
    const { code, cwd } = await lvsLab(
      ['run', ...files, '--iptables', 'nft,legacy', '--out', 'out'],
      fakeServices({}, calls),
    );
    expect(code).toBe(0);
    expect(calls).toContain('run t/a@nft t/b@nft t/a@legacy t/b@legacy');
    const { scenarios, engines } = documentIn(cwd, 'out');
    expect(scenarios.map(({ job, cell }) => [job, cell])).toEqual([
      ['t/a@nft', { iptables: 'nft' }],
      ['t/b@nft', { iptables: 'nft' }],
      ['t/a@legacy', { iptables: 'legacy' }],
      ['t/b@legacy', { iptables: 'legacy' }],
    ]);
    expect(engines).toHaveLength(1);
  });

  it('leaves a scenario that is about a flavour as it is, and says so', async () => {
    const calls: Calls = [];
    const argv = ['run', 'cures/rules-inserted-live', 'close/server-first', '--iptables', 'nft,legacy'];
    const { err } = await lvsLab(argv, fakeServices({}, calls));
    expect(calls).toContain('run cures/rules-inserted-live close/server-first@nft close/server-first@legacy');
    expect(err).toContain('1 scenario with a flavour of iptables of its own, run once and as the file says');
  });

  it('says nothing of flavours that nobody asked for', async () => {
    const { err, cwd } = await lvsLab(['run', 'cures/rules-inserted-live', '--out', 'out']);
    expect(err).not.toContain('flavour');
    expect(documentIn(cwd, 'out').scenarios[0]?.cell).toEqual({});
  });
});

describe('run with several kernels', () => {
  it('runs every one in a process of its own, and gives results in the order asked for', async () => {
    const children: Calls = [];
    const files = scenarioFiles(folder(), [{ id: 't/a' }, { id: 't/b' }]);
    const argv = [
      'run',
      ...files,
      ...kernels,
      '--iptables',
      'nft,legacy',
      '--out',
      'out',
      '--lanes',
      '2',
      '--fresh-control',
    ];
    const { code, out, cwd } = await lvsLab(argv, nested(fakeServices(), children));
    expect(code).toBe(0);
    expect(children.sort()).toEqual(
      ['debian-bookworm', 'debian-sid'].map((name) =>
        [
          ...['run', ...files, '--out', join(cwd, 'out', name), '--progress json'],
          ...['--kernel', name.replace('-', ':'), '--jobs', join(cwd, 'out', `${name}.jobs.json`)],
          '--repeat-each 1 --lanes 2 --fresh-control --engine auto --accel auto --iptables nft,legacy',
        ].join(' '),
      ),
    );
    const { scenarios, engines } = documentIn(cwd, 'out');
    const jobs = ['t/a@nft', 't/b@nft', 't/a@legacy', 't/b@legacy'];
    expect(scenarios.map(({ job, cell }) => `${cell.kernel ?? ''} ${job}`)).toEqual([
      ...jobs.map((job) => `debian:bookworm ${job}`),
      ...jobs.map((job) => `debian:sid ${job}`),
    ]);
    expect(engines.map(({ kernel }) => kernel)).toEqual(['debian:bookworm', 'debian:sid']);
    expect(out).toMatch(/\n8 passed, 0 failed, 0 inconclusive, 0 broke\nreport: .+\/report\.html\n$/);
    expect(scenarios[7]?.directory).toBe('debian-sid/t/b@legacy');
  });

  it('shares the room for labs among those that run at once, and leaves it to one that runs alone', async () => {
    const lanesWith = async (...more: string[]) => {
      const children: Calls = [];
      await lvsLab(['run', 'close/server-first', ...kernels, ...more], nested(fakeServices(), children));
      return children.map((child) => /--lanes (\d+)/.exec(child)?.[1]);
    };
    const machine = { processors: availableParallelism(), memoryBytes: process.availableMemory() };
    const half = String(Math.max(1, Math.floor(labRoom(machine, bytesPerMachine) / 2)));
    expect(await lanesWith('--vms', '2')).toEqual([half, half]);
    expect(await lanesWith('--vms', '1')).toEqual([undefined, undefined]);
    expect(await lanesWith('--vms', '2', '--lanes', '7')).toEqual(['7', '7']);
  });

  it('gives every engine its kernel and image', async () => {
    const calls: Calls = [];
    const argv = ['run', 'close/server-first', ...kernels, '--image', 'debian:trixie,auto', '--engine', 'vm'];
    await lvsLab(argv, nested(fakeServices({}, calls)));
    expect(calls.filter((call) => call.startsWith('open')).sort()).toEqual([
      'open vm debian:bookworm auto auto',
      'open vm debian:bookworm auto debian:trixie',
      'open vm debian:sid auto auto',
      'open vm debian:sid auto debian:trixie',
    ]);
  });

  it('takes everything on that makes jobs what they are', async () => {
    const children: Calls = [];
    const argv = [
      'run',
      'close/server-first',
      ...kernels,
      '--flows',
      '50',
      '--repeat-each',
      '2',
      '--expect',
      'healthy',
    ];
    await lvsLab([...argv, '--accel', 'tcg', '--mutate'], nested(fakeServices(), children));
    expect(children[0]).toMatch(
      / --mutate --flows 50 --repeat-each 2 --expect healthy --engine auto --accel tcg$/,
    );
  });

  it('shuffles before it assigns jobs, and tells children the order', async () => {
    const files = fourScenarios(folder());
    const { cwd } = await lvsLab(['run', ...files, ...kernels, '--shuffle=s1', '--out', 'out'], nested());
    const alone = await lvsLab(['run', ...files, '--shuffle=s1', '--out', 'out']);
    const names = documentIn(alone.cwd, 'out').scenarios.map(({ job }) => job);
    expect(JSON.parse(readFileSync(join(cwd, 'out/debian-sid.jobs.json'), 'utf8'))).toEqual(names);
    expect(documentIn(cwd, 'out').scenarios.map(({ job }) => job)).toEqual([...names, ...names]);
    expect(documentIn(cwd, 'out').seed).toBe('s1');
  });

  it('breaks only the cells of a kernel that cannot be had, and ends with 2', async () => {
    const services = fakeServices();
    const broken = fakeServices({
      openEngine: (request) => {
        if (request.kernel === 'debian:sid')
          throw new LabError('could not fetch the kernel', { hint: 'try later' });
        return services.openEngine(request);
      },
    });
    const { code, out, cwd } = await lvsLab(
      ['run', 'close/server-first', ...kernels, '--out', 'out'],
      nested(broken),
    );
    expect(code).toBe(2);
    expect(documentIn(cwd, 'out').scenarios.map(({ result, error }) => [result, error?.message])).toEqual([
      ['pass', undefined],
      ['broke', 'could not fetch the kernel'],
    ]);
    expect(out).toMatch(/\n1 passed, 0 failed, 0 inconclusive, 1 broke\nreport: .+\/report\.html\n$/);
  });

  it('records what did not pass once, for --last-failed', async () => {
    const files = fourScenarios(folder());
    const services = nested(judging(({ scenario: { id } }) => (id === 't/a' ? failed : passed)));
    const { code, cwd } = await lvsLab(['run', ...files, ...kernels], services);
    expect(code).toBe(1);
    const calls: Calls = [];
    await lvsLab(['run', '--last-failed'], fakeServices({}, calls), { cwd });
    expect(calls).toContain('run t/a');
  });

  it('is told to stop by a signal, and ends as that says', async () => {
    const controller = new AbortController();
    const services = nested(
      fakeServices({
        runScenarios: () => {
          controller.abort(new Interruption('SIGTERM'));
          return Promise.resolve([]);
        },
      }),
    );
    const { code, err } = await lvsLab(['run', 'close/server-first', ...kernels], services, {
      signal: controller.signal,
    });
    expect(code).toBe(143);
    expect(err).toContain('error: interrupted by SIGTERM\n');
  });

  it('lists its cells without starting anything', async () => {
    const { code, out } = await lvsLab([
      'run',
      'close/server-first',
      ...kernels,
      '--iptables',
      'legacy',
      '--list',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}kernel debian:sid, iptables legacy +close\/server-first@legacy /m);
    expect(out).toContain('\n2 jobs\n');
  });
});

describe('run --shard', () => {
  const shard = async (which: string, ...more: readonly string[]) => {
    const files = fourScenarios(folder());
    const ended = await lvsLab(['run', ...files, '--shard', which, '--out', 'out', ...more], nested());
    return { ...ended, jobs: documentIn(ended.cwd, 'out').scenarios.map(({ job }) => job) };
  };

  it('runs a part, in the order asked for', async () => {
    expect((await shard('1/2')).jobs).toEqual(['t/b', 't/a']);
    expect((await shard('2/2')).jobs).toEqual(['t/d', 't/c']);
  });

  it('gives a shard whole kernels where it can', async () => {
    const { jobs, cwd } = await shard('2/2', ...kernels);
    expect(jobs).toEqual(['t/b', 't/a', 't/d', 't/c']);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
      'asked.json',
      'debian-sid',
      'debian-sid.jobs.json',
      'matrix.json',
      'report.html',
      'results.json',
    ]);
  });

  it('takes its part from the environment with auto', async () => {
    const files = fourScenarios(folder());
    const env = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' };
    const calls: Calls = [];
    const { code } = await lvsLab(['run', ...files, '--shard', 'auto'], fakeServices({}, calls), { env });
    expect(code).toBe(0);
    expect(calls).toContain('run t/b');
  });

  it('says with auto that the environment says nothing, and starts nothing', async () => {
    const calls: Calls = [];
    const { code, err } = await lvsLab(
      ['run', 'close/server-first', '--shard', 'auto'],
      fakeServices({}, calls),
    );
    expect(code).toBe(5);
    expect(err).toContain('expected the environment to say which shard this is');
    expect(calls).toEqual([]);
  });

  it('is no failure when there is nothing in it', async () => {
    const calls: Calls = [];
    const argv = ['run', 'close/server-first', '--shard', '1/3', '--out', 'out'];
    const { code, err, out, cwd } = await lvsLab(argv, fakeServices({}, calls));
    expect(code).toBe(0);
    expect(err).toContain('nothing to run: shard 1/3 is empty');
    expect(out).toBe('');
    expect(calls).toEqual([]);
    expect(documentIn(cwd, 'out')).toMatchObject({ scenarios: [], exitCode: 0 });
    expect(existsSync(join(cwd, 'out/matrix.json'))).toBe(true);
  });
});

describe('what makes no sense of a matrix', () => {
  it.each([
    ['keeping it', ['--keep', ...kernels], 'expected one job with --keep, found 2 kernels and images'],
    [
      'kernels on a local engine',
      ['--engine', 'local', ...kernels],
      'found both: a local engine has the kernel it has',
    ],
    [
      'a kernel on a local engine',
      ['--engine', 'local', '--kernel', 'debian:sid'],
      'found both: a local engine',
    ],
    [
      'an unknown flavour',
      ['--iptables', 'nft,ebtables'],
      'expected nft, legacy, or nft,legacy, found ebtables.',
    ],
    ['a flavour twice', ['--iptables', 'nft,nft'], 'expected each name once, found nft twice.'],
    [
      'a kernel twice',
      ['--kernel', 'debian:sid,debian:sid'],
      'expected each name once, found debian:sid twice.',
    ],
    ['no kernel', ['--kernel', 'debian:sid,'], 'found an empty one.'],
    ['no image', ['--image', ''], 'found an empty one.'],
    ['a shard past the last', ['--shard', '3/2'], 'expected i/n with i from 1 to n'],
    ['a shard before the first', ['--shard', '0/2'], 'expected i/n with i from 1 to n'],
    ['a shard of nothing', ['--shard', '1/0'], 'expected i/n with i from 1 to n'],
    ['no VM', ['--vms', '0'], 'expected a whole number from 1 to 64.'],
    [
      'several at a time, up to the first failure',
      [...kernels, '-x', '--vms', '2'],
      'expected --stop-on-failure or --vms, found both',
    ],
  ])('%s is refused, and nothing is started', async (_, argv, message) => {
    const calls: Calls = [];
    const { code, out, err } = await lvsLab(
      ['run', 'close/server-first', ...argv],
      nested(fakeServices({}, calls)),
    );
    expect(code).toBe(5);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(calls).toEqual([]);
  });
});
