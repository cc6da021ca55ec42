import { describe, expect, it } from 'vitest';
import { LabFactory } from '../../../../src/run/lab/labFactory.js';
import { planLab } from '../../../../src/run/lab/plannedLab.js';
import { ReadyLabs } from '../../../../src/run/lab/readyLabs.js';
import type { UsedLab } from '../../../../src/run/lab/usedLab.js';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { fakeEngine, ok, recordedRunId, type Script } from '../fakeEngine.js';
import { recordedScenario, runAll } from '../running.js';

const scenario = await recordedScenario();
/** Wants the same lab, and another load and other rules. */
const edited: Scenario = { ...scenario, id: 'my/edited', load: { ...scenario.load, connections: 3 } };
/** Wants other services on the same nodes. */
const services = scenario.topology.services.map((service) => ({ ...service, scheduler: 'wlc' }));
const otherSetup: Scenario = { ...scenario, topology: { ...scenario.topology, services } };
const otherShape: Scenario = {
  ...scenario,
  topology: { ...scenario.topology, services: [{ port: 81, scheduler: 'rr' }] },
};

function waiting(script: Script = {}, ms = (): number => 0) {
  const { engine, calls } = fakeEngine(script);
  const problems: string[] = [];
  const labs = new ReadyLabs(
    new LabFactory(engine, recordedRunId),
    recordedRunId,
    (what, error) => problems.push(`${what}: ${error.message}`),
    ms,
  );
  const made = (call: string): number => calls.filter((each) => each === call).length;
  return { engine, labs, calls, made, problems };
}

const isSetUpFor = (lab: UsedLab, wanted: Scenario): boolean =>
  planLab(lab, makePlan(wanted, recordedRunId, lab.lab.shape), wanted).isSetUp;

describe('a lab that waits', () => {
  it('is made and set up before its job is known, and given to one that wants one like it', async () => {
    const { labs, calls, made } = waiting();
    labs.prepare(scenario);
    await expect.poll(() => calls.filter((call) => call.includes('setup')).length).toBeGreaterThan(2);
    const setUp = calls.length;
    const lab = await labs.make(edited);
    expect(calls.length).toBe(setUp);
    expect(made('lab created')).toBe(1);
    expect(isSetUpFor(lab, edited)).toBe(true);
    expect(isSetUpFor(lab, otherSetup)).toBe(false);
    await lab[Symbol.asyncDispose]();
    await labs[Symbol.asyncDispose]();
    expect(made('lab removed')).toBe(1);
  });

  it('is one lab for one job: the next makes its own, which is not set up', async () => {
    const { labs, made } = waiting();
    labs.prepare(scenario);
    const [one, other] = [await labs.make(scenario), await labs.make(scenario)];
    expect(one).not.toBe(other);
    expect(made('lab created')).toBe(2);
    expect(isSetUpFor(other, scenario)).toBe(false);
  });

  it.each<[string, Scenario, number, boolean]>([
    ['the job wants another shape', otherShape, 0, false],
    ['it has waited too long', scenario, 11 * 60_000, false],
    ['it is lost', scenario, 0, true],
  ])('is removed, and another made, where %s', async (_why, wanted, waited, isLost) => {
    let ms = 0;
    let lose = (_why: Error): void => undefined;
    const lost = new Promise<never>((_resolve, reject) => {
      lose = reject;
    });
    const { labs, calls, made } = waiting({ lost: (lab) => (lab === 1 ? lost : undefined) }, () => ms);
    labs.prepare(scenario);
    await expect.poll(() => calls.filter((call) => call.includes('setup')).length).toBeGreaterThan(2);
    ms = waited;
    if (isLost) lose(new Error('its machine has ended'));
    const lab = await labs.make(wanted);
    expect(made('lab created')).toBe(2);
    expect(made('lab removed')).toBe(1);
    await lab[Symbol.asyncDispose]();
    await labs[Symbol.asyncDispose]();
    expect(made('lab removed')).toBe(2);
  });

  it('makes way for another that is prepared, and is removed at the end', async () => {
    const { labs, made } = waiting();
    labs.prepare(scenario);
    labs.prepare(otherShape);
    await expect.poll(() => made('lab created')).toBe(2);
    expect(made('lab removed')).toBe(1);
    await labs[Symbol.asyncDispose]();
    expect(made('lab removed')).toBe(2);
  });

  it('that could not be made, or set up, is told by the job that wants it', async () => {
    let isBroken = true;
    const { labs, made, problems } = waiting({
      createLab: (lab) => (lab === 1 ? Promise.reject(new Error('no room')) : undefined),
      exec: ({ what }) =>
        what === 'setup' && isBroken ? Promise.resolve({ ...ok, exitCode: 1, stderr: 'no ip' }) : undefined,
    });
    labs.prepare(scenario);
    labs.prepare(scenario);
    await expect.poll(() => made('lab removed')).toBe(1);
    isBroken = false;
    const lab = await labs.make(scenario);
    expect(isSetUpFor(lab, scenario)).toBe(false);
    expect(problems).toEqual([]);
  });

  it('that cannot be removed is reported, and hinders nobody', async () => {
    const { labs, made, problems } = waiting({ dispose: () => Promise.reject(new Error('stuck')) });
    labs.prepare(scenario);
    await expect.poll(() => made('lab created')).toBe(1);
    await labs.make(otherShape);
    expect(problems).toEqual(['the lab that waited: stuck']);
  });

  it('comes to the same verdict as one that is made when it is wanted', async () => {
    const { engine, labs, calls } = waiting();
    labs.prepare(scenario);
    await expect.poll(() => calls.filter((call) => call.includes('setup')).length).toBeGreaterThan(2);
    const own = await runAll();
    const ready = await runAll({}, { engine, labs, untried: true });
    const parts = ({ results }: typeof own) =>
      results.map(({ verdict }) => [verdict?.result, verdict?.measured?.outcome]);
    expect(parts(ready)).toEqual(parts(own));
    expect(parts(ready)).toEqual([['pass', 'close-blocked']]);
    expect(calls.filter((call) => call === 'lab removed').length).toBe(
      calls.filter((call) => call === 'lab created').length,
    );
  });
});
