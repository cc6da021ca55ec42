import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunningVm, VmRequest } from '../../../../src/engine/vm/qemu/runningVm.js';
import { startVm } from '../../../../src/engine/vm/qemu/runningVm.js';
import { savedLab, type SavedLab } from '../../../../src/engine/vm/savedLab.js';
import { tryRules } from '../../../../src/engine/docker/oneShotScripts.js';
import { VmEngine } from '../../../../src/engine/vm/vmEngine.js';
import type { LabShape } from '../../../../src/scenario/model/planTypes.js';
import { LabError } from '../../../../src/support/errors.js';
import { identity } from '../../report/samples.js';

// What machines and saved labs are made of has tests of its own, and needs QEMU.
vi.mock(import('../../../../src/engine/vm/qemu/runningVm.js'));
vi.mock(import('../../../../src/engine/vm/savedLab.js'));
vi.mock(import('../../../../src/engine/docker/oneShotScripts.js'));

/** What was made and ended, in order. */
let story: string[];
let losing: ((error: Error) => void)[];
let testcontainersEnded: boolean;

beforeEach(() => {
  story = [];
  losing = [];
  testcontainersEnded = false;
  vi.mocked(startVm).mockImplementation((request) => Promise.resolve(vmOf(request)));
  vi.mocked(savedLab).mockImplementation((shape) => {
    story.push(`${shape.key} saved`);
    return Promise.resolve(savedAs(shape.key));
  });
});

function vmOf({ memory, saved }: VmRequest): RunningVm {
  const name = `VM ${losing.length + 1}`;
  story.push(`${name} of ${memory?.file ?? 'nothing'}${saved === undefined ? ' boots' : ''}`);
  const lost = new Promise<never>((_, reject) => losing.push(reject));
  lost.catch(() => undefined);
  return {
    machine: { lost },
    streams: new Map(),
    docker: {},
    connection: { kind: 'socket', socketPath: `/scratch/${name}` },
    [Symbol.asyncDispose]: () => {
      story.push(`${name} ended`);
      return Promise.resolve();
    },
  } as unknown as RunningVm;
}

const savedAs = (key: string): SavedLab => ({
  size: { accelerator: 'tcg', memory: 2048, cpus: 1 },
  ...{ key: `lab-${key}`, memory: `/cache/${key}/memory`, disk: '/cache/disk' },
  state: { file: '/cache/state', nextStream: 4, streams: [] },
  record: {
    ...{ nextStream: 4, standing: [], macs: { client: ['02:00:00:00:00:02'] } },
    networks: [{ subnet: '198.18.1.0/24' }],
    versions: { components: { Engine: '26' }, images: {} },
    listings: {},
  },
});

const shapeOf = (key: string): LabShape => ({
  ...{ key, labels: {}, networks: [] },
  nodes: [
    {
      ...{ name: 'client', role: 'client', container: 'lvs-lab-vm-1-client', interfaces: [] },
      ...{ capabilities: [], environment: {}, standing: [] },
    },
  ],
});

const engine = (): VmEngine =>
  new VmEngine({ ...identity, kind: 'vm' }, {
    machineOf: () =>
      Promise.resolve({
        memory: '/cache/docker/memory',
        disk: '/cache/disk',
        state: { file: '/cache/state' },
      }),
    images: { director: 'd' },
    progress: { note: () => undefined, signal: new AbortController().signal },
    testcontainers: {
      [Symbol.asyncDispose]: () => {
        testcontainersEnded = true;
        return Promise.resolve();
      },
    },
  } as unknown as ConstructorParameters<typeof VmEngine>[1]);

describe('labs, each a machine of its own', () => {
  it('begin with a state that is saved once for all of their shape, also when many want it at once', async () => {
    const one = engine();
    await Promise.all([
      one.createLab(shapeOf('dr')),
      one.createLab(shapeOf('nat')),
      one.createLab(shapeOf('dr')),
    ]);
    expect(story.filter((line) => line.endsWith('saved')).sort()).toEqual(['dr saved', 'nat saved']);
    expect(story.filter((line) => line.includes(' of '))).toHaveLength(3);
    expect(story.filter((line) => line.endsWith('/cache/dr/memory'))).toHaveLength(2);
  });

  it('share what they begin with, and change nothing of it', async () => {
    await engine().createLab(shapeOf('dr'));
    expect(vi.mocked(startVm).mock.calls.at(-1)?.[0]).toMatchObject({
      memory: { file: '/cache/dr/memory', isWritten: false },
      saved: { file: '/cache/state' },
      outbound: false,
      // Made anew in each machine's own folder.
      disk: expect.any(Function) as unknown,
    });
  });

  it('are saved one after the other, for testcontainers knows one engine at a time', async () => {
    let making = 0;
    const most: number[] = [];
    vi.mocked(savedLab).mockImplementation(async ({ key }) => {
      most.push((making += 1));
      await new Promise((resolve) => setImmediate(resolve));
      making -= 1;
      return savedAs(key);
    });
    const one = engine();
    await Promise.all(['dr', 'nat', 'tun'].map((key) => one.createLab(shapeOf(key))));
    expect(most).toEqual([1, 1, 1]);
  });

  it('say how long they waited for what they begin with to be made, which the next does not', async () => {
    vi.mocked(savedLab).mockImplementation(async ({ key }) => {
      // The clock of a test stands still between its own steps.
      vi.advanceTimersByTime(40_000);
      return Promise.resolve(savedAs(key));
    });
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const one = engine();
    expect((await one.createLab(shapeOf('dr'))).preparationSeconds).toBe(40);
    expect((await one.createLab(shapeOf('dr'))).preparationSeconds).toBe(0);
  });

  it('may be had of a shape that could not be saved before', async () => {
    const one = engine();
    vi.mocked(savedLab).mockRejectedValueOnce(new LabError('no space'));
    await expect(one.createLab(shapeOf('dr'))).rejects.toThrow('no space');
    expect(await one.createLab(shapeOf('dr'))).toMatchObject({ shape: { key: 'dr' } });
  });

  it('are what was recorded when they were saved, and know nothing', async () => {
    const lab = await engine().createLab(shapeOf('dr'));
    expect(lab.nodes.map(({ shape, macs }) => [shape.name, macs])).toEqual([
      ['client', ['02:00:00:00:00:02']],
    ]);
    expect(await lab.networks()).toEqual([{ subnet: '198.18.1.0/24', gateway: undefined }]);
    expect(await lab.versions()).toMatchObject({ components: { Engine: '26' } });
    expect(lab.known).toEqual({});
    expect(lab.kept).toBeDefined();
    expect(lab.connection).toEqual({ kind: 'socket', socketPath: '/scratch/VM 1' });
  });

  it('end, and are lost, each without the other', async () => {
    const one = engine();
    const [first, second] = [await one.createLab(shapeOf('dr')), await one.createLab(shapeOf('dr'))];
    losing[0]?.(new LabError('QEMU was killed'));
    await expect(first.lost).rejects.toThrow('QEMU was killed');
    expect(await Promise.race([second.lost.catch(() => 'lost'), Promise.resolve('alive')])).toBe('alive');
    await first[Symbol.asyncDispose]();
    expect(story.filter((line) => line.endsWith('ended'))).toEqual(['VM 1 ended']);
  });

  it('end with the engine, those that have not ended by then', async () => {
    const one = engine();
    const first = await one.createLab(shapeOf('dr'));
    await one.createLab(shapeOf('dr'));
    await first[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    expect(story.filter((line) => line.endsWith('ended'))).toEqual(['VM 1 ended', 'VM 2 ended']);
    expect(testcontainersEnded).toBe(true);
  });

  it('are all alike, and there is room for at least one', () => {
    const { sharedRunId, room } = engine();
    expect(sharedRunId).toBe('vm');
    expect(room).toBeGreaterThanOrEqual(1);
  });
});

describe('rules that are tried out', () => {
  const tried = () => engine().tryRules('run', [{ kind: 'rules', text: '-A INPUT' }], { seconds: 60 });

  it('are so in a machine with Docker and no lab, which ends then', async () => {
    const said = { exitCode: 0, stdout: '@@ refused', stderr: '' };
    vi.mocked(tryRules).mockResolvedValue(said);
    expect(await tried()).toBe(said);
    expect(story).toEqual(['VM 1 of /cache/docker/memory', 'VM 1 ended']);
  });

  it.each([
    ['the trial fails', () => Promise.reject(new LabError('no such image')), 'no such image'],
    [
      'the machine is lost',
      () => {
        losing[0]?.(new LabError('QEMU was killed'));
        return new Promise<never>(() => undefined);
      },
      'QEMU was killed',
    ],
  ])('leave no machine behind when %s', async (_, trial, message) => {
    vi.mocked(tryRules).mockImplementation(trial);
    await expect(tried()).rejects.toThrow(message);
    expect(story.at(-1)).toBe('VM 1 ended');
  });
});
