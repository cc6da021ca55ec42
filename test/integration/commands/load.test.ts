import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowNumbers, Verdict } from '../../../src/verdict/model/verdict.js';
import { readFlowLines } from '../../../src/evidence/directory/readFlows.js';
import { waitFor } from '../../../src/support/wait.js';
import { cli, expectExit, runningVms, startCli } from '../support/commandLine.js';
import { temporaryFolder } from '../support/run.js';

describe('a raw-socket load that is stopped while its flows are opened', () => {
  beforeAll(() => cli(['clean']));

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', 137],
  ] as const)('by %s leaves no VM, and has its evidence so far', async (signal, exitCode) => {
    const before = [...(await runningVms()).keys()].sort().join();
    const out = path.join(await temporaryFolder(), 'run');
    const run = startCli(['run', 'load/rst-storm', '--engine', 'vm', '--progress', 'plain', '--out', out]);
    await run.saw(/load\/rst-storm: measured: [1-9]\d*\/4000 opened/);
    run.child.kill(signal);
    expectExit(await run.finished, exitCode);
    await waitFor(
      'the VM to be gone',
      async () => ([...(await runningVms()).keys()].sort().join() === before ? true : undefined),
      { seconds: 10 },
    );
    await cli(['clean']);

    const evidence = path.join(out, 'load-rst-storm');
    const text = await readFile(path.join(evidence, 'measured', 'flows.jsonl'), 'utf8');
    const { seconds } = readFlowLines(text, () => undefined);
    expect(seconds.at(-1)?.opened).toBeGreaterThan(0);
    const judged = await cli(['judge', evidence]);
    expectExit(judged, 3);
    expect(judged.stdout).toMatch(/The raw load agent (?:came to no report; when it was last|heard nothing)/);
  });
});

describe('flows that are given to a scenario of the library', () => {
  const event = 'report2007/flush-while-idle';
  const lossy = 'topology/routed-lossy';

  /** Runs with flows; how that ended, and what they came to in each scenario. */
  async function withFlows(argv: readonly string[]) {
    const out = path.join(await temporaryFolder(), 'run');
    const ran = await cli(['run', ...argv, '--flows', '50', '--engine', 'vm', '--out', out]);
    const flowsOf = async (id: string): Promise<FlowNumbers | undefined> => {
      const file = path.join(out, id.replace('/', '-'), 'verdict.json');
      return (JSON.parse(await readFile(file, 'utf8')) as Verdict).measured?.numbers.flows;
    };
    return { ran, flowsOf };
  }

  it('meet an event at its time, and what a link loses of them is accounted for', async () => {
    const { ran, flowsOf } = await withFlows([event, lossy]);
    expectExit(ran, 0);
    expect(await flowsOf(event)).toMatchObject({ fates: { closing: 50 }, outcome: 'close-blocked' });
    const { ipvsPackets } = (await flowsOf(lossy)) ?? {};
    expect(ipvsPackets?.lostOnLinks).toBeGreaterThan(0);
    expect(ipvsPackets?.missing).toBe(0);
  });

  /** A file of one's own, in a network that somebody has on the Internet. */
  async function publicScenario(client: string): Promise<string> {
    const file = path.join(await temporaryFolder(), 'public.yaml');
    const text = [
      'id: own/public',
      'title: Flows between addresses of the Internet',
      `topology: { subnet: 8.8.8.0/24, network: routed }`,
      `client: { commands: ['${client}'] }`,
      'load: { connections: 2, close: { first: server, how: fin } }',
      'expect: { outcome: healthy }',
    ];
    await writeFile(file, `${text.join('\n')}\n`);
    return file;
  }

  it('go through addresses that somebody has on the Internet', async () => {
    const { ran, flowsOf } = await withFlows([await publicScenario('ip route show')]);
    expectExit(ran, 0);
    expect(await flowsOf('own/public')).toMatchObject({ fates: { closed: 50 }, outcome: 'healthy' });
  });

  it('are not sent where the client has a way out of the lab', async () => {
    const file = await publicScenario('ip route add 9.9.9.0/24 dev eth0');
    const out = path.join(await temporaryFolder(), 'run');
    const run = await cli(['run', file, '--flows', '50', '--engine', 'vm', '--out', out]);
    expectExit(run, 2);
    expect(run.stderr + run.stdout).toContain('found a route to 9.9.9.0/24 by nobody on eth0');
  });

  it('come to something else where the event does not happen', async () => {
    const { ran, flowsOf } = await withFlows([event, '--mutate']);
    expectExit(ran, 1);
    expect(await flowsOf(event)).toMatchObject({ fates: { closed: 50 }, outcome: 'healthy' });
  });
});
