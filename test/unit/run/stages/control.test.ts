import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keptEvidence } from '../../../../src/engine/vm/keptEvidence.js';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import type { RunScenariosOptions } from '../../../../src/run/schedule/runScenarios.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { judge } from '../../../../src/verdict/judge.js';
import type { Verdict } from '../../../../src/verdict/model/verdict.js';
import { ownCache } from '../../engine/tempFolder.js';
import { ok, recorded, type Script } from '../fakeEngine.js';
import { run, runAll } from '../running.js';

const json = (...parts: string[]): unknown => JSON.parse(readFileSync(path.join(...parts), 'utf8'));

type Ran = Pick<Awaited<ReturnType<typeof runAll>>, 'calls' | 'events'>;

const stagesOf = ({ events }: Ran): string[] =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));
const count = ({ calls }: Ran, what: string): number => calls.filter((call) => call === what).length;
const isKept = ({ events }: Ran): boolean => events.some(({ type }) => type === 'control-kept');

const warm = (scenario: Scenario): readonly Scenario[] => [{ ...scenario, start: 'warm' }];

describe('the measured run', () => {
  it('is in a lab of its own, set up anew, in which nobody has asked for anything', async () => {
    const { calls, directory, result } = await run();
    const fresh = calls.lastIndexOf('lab created');
    const [before, after] = [calls.slice(0, fresh), calls.slice(fresh)];
    expect(before).toContain('lab removed');
    for (const part of [before, after]) {
      expect(part.filter((call) => call === 'lab created')).toHaveLength(1);
      expect(part).toContain('director setup');
      expect(part.filter((call) => call === 'client drive')).toHaveLength(1);
    }
    expect(before).toContain('client ready');
    expect(after).not.toContain('client ready');
    expect(json(directory, 'measured', 'phase.json')).toMatchObject({ start: { is: 'cold', known: {} } });
    expect(json(directory, 'control', 'phase.json')).not.toHaveProperty('start');
    expect(result.verdict?.result).toBe('pass');
  });

  it('is in the lab of the control run where the scenario wants a warm start', async () => {
    const ran = await runAll({}, {}, warm);
    expect(count(ran, 'lab created')).toBe(1);
    expect(count(ran, 'client drive')).toBe(2);
    expect(json(ran.directory, 'measured', 'phase.json')).toMatchObject({ start: { is: 'warm' } });
    expect(ran.results[0]?.verdict?.result).toBe('pass');
  });

  it('is inconclusive when its lab knew something before anybody asked, and that of the control run may', async () => {
    const neighbour = 'neighbour 10.0.0.3 dev eth0 lladdr 02:00:00:00:00:03 STALE';
    const knowing = (one: number): Script => ({
      known: (lab) => (lab === one ? { director: [neighbour] } : {}),
    });
    const { directory, result } = await run(knowing(2));
    expect(json(directory, 'measured', 'phase.json')).toMatchObject({
      start: { is: 'cold', known: { director: [neighbour] } },
    });
    expect(result.verdict).toMatchObject({
      result: 'inconclusive',
      reasons: [expect.stringContaining(neighbour) as unknown],
    });
    expect((await run(knowing(1))).result.verdict?.result).toBe('pass');
  });

  it('has a plan and nodes of its own, as evidence, where its lab has other names', async () => {
    const { directory, result } = await run();
    expect(json(directory, 'plan.json')).not.toEqual(json(directory, 'measured', 'plan.json'));
    expect(json(directory, 'measured', 'nodes.json')).toEqual(json(recorded, 'nodes.json'));
    const sealed = readFileSync(path.join(directory, 'manifest.json'), 'utf8');
    for (const name of ['plan.json', 'nodes.json']) expect(sealed).toContain(`measured/${name}`);
    expect(result.verdict?.result).toBe('pass');
    const nodes = path.join(directory, 'measured', 'nodes.json');
    writeFileSync(nodes, readFileSync(nodes, 'utf8').replace('"role": "director"', '"role": "realserver"'));
    const edited = judge(result.verdict!.expected, await readScenarioEvidence(directory));
    expect(edited.result).toBe('inconclusive');
  });

  it('has none of its own where all labs are alike', async () => {
    const { directory, result, calls } = await run({ sharedRunId: 'vm' });
    expect(count({ calls, events: [] }, 'lab created')).toBe(2);
    for (const name of ['plan.json', 'nodes.json'])
      expect(existsSync(path.join(directory, 'measured', name)), name).toBe(false);
    expect(result.verdict?.result).toBe('pass');
  });

  it('never took place where it broke before it began, in whatever lab', async () => {
    for (const sharedRunId of ['vm', undefined]) {
      const { directory } = await run({
        ...(sharedRunId && { sharedRunId }),
        exec: ({ what }) => (what === 'rules' ? Promise.resolve({ ...ok, exitCode: 137 }) : undefined),
      });
      expect(existsSync(path.join(directory, 'measured'))).toBe(false);
    }
  });
});

describe('a control run that is kept with the state that labs begin with', () => {
  let script: Script;
  beforeEach(() => {
    ownCache();
    script = { sharedRunId: 'vm', kept: keptEvidence('lab-key', () => undefined) };
  });

  const runKept = (
    options: Partial<RunScenariosOptions> = {},
    choose?: Parameters<typeof runAll>[2],
    more: Script = {},
  ) => runAll({ ...script, ...more }, options, choose);

  it('is made once, and counts for every run from then on', async () => {
    const first = await runKept();
    expect(isKept(first)).toBe(false);
    expect([count(first, 'client drive'), count(first, 'lab created')]).toEqual([2, 2]);
    const second = await runKept();
    expect(second.events).toContainEqual({ type: 'control-kept', scenario: 'close/server-first' });
    expect([count(second, 'client drive'), count(second, 'lab created')]).toEqual([1, 1]);
    expect(count(second, 'client ready')).toBe(0);
    expect(stagesOf(second)).toEqual(['topology', 'configure', 'rules', 'measured', 'judge']);
    const [made, copied] = [first, second].map(({ results }) => results[0]!.verdict!);
    expect(made?.control?.kept).toBeUndefined();
    expect(copied?.control).toEqual({ ...made?.control, kept: { lab: expect.any(String) as unknown } });
    expect(copied?.measured).toEqual(made?.measured);
    const asWords = ({ reasons = [] }: Partial<Verdict> = {}): string => reasons.join('\n');
    expect(asWords(made)).toContain('The control run without rules was healthy.');
    expect(asWords(copied)).toBe(
      asWords(made).replace('without rules was', 'without rules, which was kept with the saved lab, was'),
    );
  });

  it('is evidence of each, as it was recorded, with a word that it was kept', async () => {
    const first = await runKept();
    const second = await runKept();
    const of = ({ directory }: typeof first) => readdirSync(path.join(directory, 'control')).sort();
    expect(of(second)).toEqual([...of(first), 'kept.json'].sort());
    for (const name of of(first))
      expect(readFileSync(path.join(second.directory, 'control', name)), name).toEqual(
        readFileSync(path.join(first.directory, 'control', name)),
      );
    const { problems } = await readScenarioEvidence(second.directory);
    expect(problems).toEqual([]);
    const load = path.join(second.directory, 'control', 'load.json');
    writeFileSync(load, readFileSync(load, 'utf8').replace('"', ' "'));
    const { expected } = second.results[0]!.verdict!;
    expect(judge(expected, await readScenarioEvidence(second.directory)).result).toBe('inconclusive');
  });

  it('is that of scenarios with other rules too, and not of those with another load', async () => {
    await runKept();
    const otherRules = await runKept({ expect: 'healthy' }, (scenario) => {
      const director = { ...scenario.roles.director, rules: '*filter\n-A INPUT -j DROP\nCOMMIT\n' };
      return [{ ...scenario, id: 'close/other', roles: { ...scenario.roles, director } }];
    });
    expect(isKept(otherRules)).toBe(true);
    const otherLoad = await runKept({ expect: 'healthy' }, (scenario) => [
      { ...scenario, load: { ...scenario.load, download: 7 } },
    ]);
    expect(isKept(otherLoad)).toBe(false);
  });

  it('is made anew where that was asked for, in a lab that is not the measured run’s', async () => {
    await runKept();
    const anew = await runKept({ freshControl: true });
    expect(isKept(anew)).toBe(false);
    expect([count(anew, 'client drive'), count(anew, 'lab created')]).toEqual([2, 2]);
    expect(existsSync(path.join(anew.directory, 'control', 'kept.json'))).toBe(false);
  });

  it('is not that of a scenario that starts warm from its own', async () => {
    await runKept();
    const ran = await runKept({}, warm);
    expect(isKept(ran)).toBe(false);
    expect([count(ran, 'client drive'), count(ran, 'lab created')]).toEqual([2, 1]);
    expect(ran.results[0]?.verdict?.result).toBe('pass');
  });

  it('is none where nothing can be kept, because labs may begin differently', async () => {
    for (let time = 0; time < 2; time += 1) expect(isKept(await runAll({ sharedRunId: 'vm' }))).toBe(false);
  });

  it('is none that was not healthy, whose engine’s own rules are recorded instead', async () => {
    const measured = (name: string): string => readFileSync(path.join(recorded, 'measured', name), 'utf8');
    const unhealthy: Script = {
      hostRules: 'table ip meddler {\n}\n',
      exec: ({ node, what, phase }) =>
        what === 'collect' && phase === 'control'
          ? Promise.resolve({ ...ok, stdout: measured(`${node}.final`) })
          : undefined,
      drive: () => Promise.resolve({ ...ok, stdout: measured('load.json') }),
    };
    const first = await runKept({}, undefined, unhealthy);
    expect(first.results[0]?.verdict?.result).toBe('inconclusive');
    const rules = path.join(first.directory, 'control', 'engine-host.nft');
    expect(readFileSync(rules, 'utf8')).toBe(unhealthy.hostRules);
    const second = await runKept();
    expect(isKept(second)).toBe(false);
    expect(second.results[0]?.verdict?.result).toBe('pass');
    expect(existsSync(path.join(second.directory, 'control', 'engine-host.nft'))).toBe(false);
    expect(isKept(await runKept())).toBe(true);
  });
});
