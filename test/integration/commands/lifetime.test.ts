import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheRoot } from '../../../src/engine/lifetime/paths.js';
import { workFolder } from '../../../src/engine/debian/mmdebstrap.js';
import { hostCommand } from '../../../src/support/exec.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { waitFor } from '../../../src/support/wait.js';
import { cli, expectExit, runningVms, scratchFolders, startCli } from '../support/commandLine.js';
import { temporaryFolder } from '../support/run.js';

/** Moments of a run, as its plain progress tells them. */
const moments: readonly (readonly [string, RegExp])[] = [
  ['when it has just started', /accelerator:/],
  ['while a lab starts', /topology \.\.\./],
  ['while the path is tried', /ready \.\.\./],
  ['during the control run', /control \.\.\./],
  ['during the measured run', /measured \.\.\./],
];

/** Moments of making a lab. */
const momentsOfMaking: typeof moments = [
  ['while the guest of a new lab starts', /starting a saved guest \.\.\./],
  ['while its nodes are made', /creating networks and nodes \.\.\./],
  ['while its nodes are made ready', /starting what waits in the nodes \.\.\./],
];

const listing = { purpose: 'list processes', seconds: 10 };
const isWorker = (line: string): boolean => /^\S*perl \S*mmdebstrap /.test(line);

interface Leftovers {
  readonly vms: readonly number[];
  readonly folders: readonly string[];
  readonly partial: readonly string[];
}

/** What is there now and was not before: the VM that the other tests share is nobody's leftover. */
async function snapshot(): Promise<Leftovers> {
  return {
    vms: [...(await runningVms()).keys()].sort(),
    folders: [...(await scratchFolders())].sort(),
    partial: (await readdir(cacheRoot())).filter((name) => name.includes('.partial')),
  };
}

async function start(): Promise<ReturnType<typeof startCli>> {
  return startRun(['close/server-first', '--fresh-control']);
}

async function startRun(argv: readonly string[]): Promise<ReturnType<typeof startCli>> {
  const out = path.join(await temporaryFolder(), 'run');
  return startCli(['run', ...argv, '--engine', 'vm', '--progress', 'plain', '--out', out]);
}

/** A scenario whose lab has never been made, because no other has this network. */
async function unknownLab(): Promise<string> {
  const file = path.join(await temporaryFolder(), 'unknown.yaml');
  const text = await readFile(
    path.join(packageRoot, 'scenarios/close/server-first-no-firewall.yaml'),
    'utf8',
  );
  await writeFile(
    file,
    `${text}
topology:
  subnet: 198.19.77.0/24
`,
  );
  return file;
}

/** The moments of a run whose lab there is, and of one whose lab has to be made. */
const killed = [
  ...moments.map(([when, moment]) => [when, moment, start] as const),
  ...momentsOfMaking.map(
    ([when, moment]) => [when, moment, async () => startRun([await unknownLab()])] as const,
  ),
];

describe('an orchestrator that is ended', () => {
  // What others left behind is not what these tests are about.
  beforeAll(() => cli(['clean']));

  it.each(killed)('by SIGKILL %s leaves no VM, and `clean` removes the rest', async (_, moment, begin) => {
    const before = await snapshot();
    const run = await begin();
    await run.saw(moment);
    run.child.kill('SIGKILL');
    expectExit(await run.finished, 137);
    await waitFor(
      'the VM to be gone',
      async () => ((await snapshot()).vms.join() === before.vms.join() ? true : undefined),
      { seconds: 10 },
    );
    expectExit(await cli(['clean']), 0);
    expect(await snapshot()).toEqual(before);
  });

  it.each([
    ['SIGINT', 130, 'while a lab starts', /topology \.\.\./],
    ['SIGINT', 130, 'during the measured run', /measured \.\.\./],
    ['SIGTERM', 143, 'during the control run', /control \.\.\./],
  ] as const)('by %s ends with %i %s, and leaves nothing', async (signal, exitCode, _, moment) => {
    const before = await snapshot();
    const run = await start();
    await run.saw(moment);
    run.child.kill(signal);
    expectExit(await run.finished, exitCode);
    expect(await snapshot()).toEqual(before);
  });

  it('by SIGKILL while the parts of the guest are made leaves no mmdebstrap, and `clean` removes the rest', async () => {
    const cache = await temporaryFolder();
    const env = { XDG_CACHE_HOME: cache };
    const out = path.join(await temporaryFolder(), 'run');
    const argv = ['run', 'close/server-first', '--engine', 'vm', '--progress', 'plain', '--out', out];
    const trees = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(workFolder));
    const workers = async () =>
      (await hostCommand(['ps', '-eo', 'args'], listing)).split('\n').filter(isWorker);
    const before = await trees();
    const run = startCli(argv, env);
    await run.saw(/making the guest root file system \.\.\./);
    await waitFor('mmdebstrap to be at work', async () => (await workers()).length > 0 || undefined, {
      seconds: 30,
    });
    run.child.kill('SIGKILL');
    expectExit(await run.finished, 137);
    await waitFor('mmdebstrap to be gone', async () => ((await workers()).length === 0 ? true : undefined), {
      seconds: 60,
    });
    expectExit(await cli(['clean'], env), 0);
    expect(await trees()).toEqual(before);
    expect((await readdir(path.join(cache, 'lvs-lab'))).filter((name) => name.includes('.partial'))).toEqual(
      [],
    );
  });

  it('by SIGINT while it watches leaves nothing, and until then has run what was saved again', async () => {
    const before = await snapshot();
    const place = await temporaryFolder();
    for (const folder of ['close', 'rules']) await mkdir(path.join(place, folder));
    const [scenario, rules] = ['close/server-first.yaml', 'rules/stock.iptables'] as const;
    for (const file of [scenario, rules])
      await copyFile(path.join(packageRoot, 'scenarios', file), path.join(place, file));
    const argv = ['watch', path.join(place, scenario), '--out', path.join(place, 'out')];
    const watch = startCli([...argv, '--engine', 'vm', '--progress', 'plain'], {}, place);
    await watch.saw(/watching 2 files; Ctrl-C ends/);
    const stock = await readFile(path.join(place, rules), 'utf8');
    const saved = path.join(place, 'saved');
    await writeFile(saved, stock.replace('-m state -m tcp --dport 80 --state NEW', '-m tcp --dport 80'));
    await rename(saved, path.join(place, rules));
    await watch.saw(/(?:watching 2 files[^]*){2}/);
    // One that is refused, and then the bug again.
    await writeFile(path.join(place, rules), stock.replace('-j REJECT', '-j REJECTED'));
    await watch.saw(/(?:watching 2 files[^]*){3}/);
    await writeFile(path.join(place, rules), stock);
    await watch.saw(/(?:measured \.\.\.[^]*){3}/);
    watch.child.kill('SIGINT');
    const { exitCode, stdout } = await watch.finished;
    expect(exitCode).toBe(130);
    const rounds = stdout.split(/^\S+ {2}round /m).slice(1);
    expect(rounds.map((round) => /(?:PASS|FAIL|REFUSED) {2}\S+: .*/.exec(round)?.[0])).toEqual([
      expect.stringMatching(/^PASS .*saw close-blocked with ICMP 3\/10/),
      expect.stringMatching(/^FAIL .*saw healthy/),
      expect.stringMatching(/^REFUSED /),
      undefined,
    ]);
    expect(rounds[1]).toMatch(/2, changed: rules\/stock\.iptables/);
    expect(rounds[1]).toMatch(/since round 1:[^]*connections close-blocked: 6 -> 0/);
    expect(rounds[2]).toMatch(/rules\/stock\.iptables:10:1: .*REJECTED/);
    expect(await snapshot()).toEqual(before);
  });

  it('by its own deadline breaks, and leaves nothing', async () => {
    const before = await snapshot();
    const out = path.join(await temporaryFolder(), 'run');
    const argv = ['run', 'close/server-first', '--engine', 'vm', '--deadline', '3s', '--out', out];
    const { exitCode, stderr } = await cli(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/3 s/);
    expect(await snapshot()).toEqual(before);
  });
});
