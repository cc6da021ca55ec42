import { describe, expect, it, vi } from 'vitest';
import { LocalEngine } from '../../../../src/engine/local/localEngine.js';
import { reachEngine } from '../../../../src/engine/local/reachEngine.js';
import { makeShape } from '../../../../src/scenario/plan/shape.js';
import { LabError } from '../../../../src/support/errors.js';
import { identity } from '../../report/samples.js';
import { richScenario } from '../../report/scenarios.js';
import { fakeDocker } from '../fakeDocker.js';

const labels = (run: string, lab = '1') => ({ 'lvs-lab.run': run, 'lvs-lab.lab': lab });
const images = { client: 'c', router: 'd', director: 'd', realserver: 'r' };

async function opened(
  contents: Parameters<typeof fakeDocker>[0] = {},
  host: { readonly processors?: number; readonly memoryBytes?: number } = {},
  signal = new AbortController().signal,
) {
  const { socketPath, removed, asked } = await fakeDocker(contents);
  const connection = { kind: 'socket', socketPath } as const;
  const engine = new LocalEngine({
    reached: await reachEngine({ name: 'fake', reach: connection }),
    images,
    runId: 'mine',
    identity: { ...identity, kind: 'local', processors: 2, memoryBytes: 8e9, ...host },
    signal,
    kernelConfig: undefined,
  });
  return { engine, removed, asked };
}

describe('the user’s own engine', () => {
  it.each([
    [{ processors: 2, memoryBytes: 8e9 }, 4],
    [{ processors: 64, memoryBytes: 8e9 }, 16],
    [{ processors: 2, memoryBytes: 4e8 }, 1],
  ])('of %j has room for %i labs', async (host, room) => {
    expect((await opened({}, host)).engine.room).toBe(room);
  });

  it('has labs that differ, because others may have theirs on it', async () => {
    expect((await opened()).engine.sharedRunId).toBeUndefined();
  });

  it('tells the subnets of all its networks, also those of others', async () => {
    const network = (name: string, config: unknown) => ({ Id: name, Name: name, Labels: {}, IPAM: config });
    const { engine } = await opened({
      networks: [
        network('bridge', { Config: [{ Subnet: '172.17.0.0/16' }] }),
        network('both', { Config: [{ Subnet: '10.0.0.0/24' }, { Subnet: 'fd00::/64' }] }),
        network('host', { Config: null }),
        network('none', undefined),
      ],
    });
    expect(await engine.usedSubnets()).toEqual(['172.17.0.0/16', '10.0.0.0/24', 'fd00::/64']);
  });

  it('loses what is of its run when it is closed, and nothing else', async () => {
    const container = (id: string, run: string) => ({ Id: id, Names: [`/${id}`], Labels: labels(run) });
    const { engine, removed } = await opened({
      containers: [container('c1', 'mine'), container('c2', 'theirs')],
      networks: [
        { Id: 'n1', Name: 'n1', Labels: labels('mine') },
        { Id: 'n2', Name: 'n2', Labels: {} },
      ],
    });
    await engine[Symbol.asyncDispose]();
    expect(removed.sort()).toEqual(['/containers/c1', '/networks/n1']);
  });

  it('removes what there is of a lab that could not be made, and nothing of another', async () => {
    const shape = makeShape(richScenario, {
      runId: 'mine',
      lab: 1,
      subnets: { lan: '10.90.1.0/24', front: '10.90.2.0/24' },
    });
    const { engine, removed } = await opened({
      containers: [
        { Id: 'c1', Names: ['/c1'], Labels: shape.labels },
        { Id: 'c2', Names: ['/c2'], Labels: { ...shape.labels, 'lvs-lab.lab': 'another' } },
      ],
      refusals: { '/networks/create': 403 },
    });
    const error: unknown = await engine.createLab(shape).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(/^could not create the network /);
    expect(removed).toEqual(['/containers/c1']);
  });

  it('removes at once what there is of a lab that is not wanted any more, and again when nothing is being created', async () => {
    const shape = makeShape(richScenario, {
      runId: 'mine',
      lab: 1,
      subnets: { lan: '10.90.1.0/24', front: '10.90.2.0/24' },
    });
    let answer!: () => void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const create = vi.fn(() => held);
    const stop = new AbortController();
    const reason = new LabError('interrupted by SIGINT');
    const { engine, removed, asked } = await opened(
      {
        containers: [{ Id: 'c1', Names: ['/c1'], Labels: shape.labels }],
        held: { '/networks/create': create },
      },
      {},
      stop.signal,
    );
    const making = engine.createLab(shape).catch((error: unknown) => error);
    await expect.poll(() => create.mock.calls.length).toBeGreaterThan(0);
    stop.abort(reason);
    await expect.poll(() => removed).toEqual(['/containers/c1']);
    answer();
    expect(await making).toBe(reason);
    expect(removed).toEqual(['/containers/c1', '/containers/c1']);
    expect(asked.filter((one) => one.includes('/containers/create'))).toEqual([]);
    expect(await engine.createLab(shape).catch((error: unknown) => error)).toBe(reason);
  });
});
