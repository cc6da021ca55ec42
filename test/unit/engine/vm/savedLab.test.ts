import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createNodes } from '../../../../src/engine/docker/lab.js';
import { makeOverlay } from '../../../../src/engine/vm/qemu/disk.js';
import { withVm, type RunningVm, type VmRequest } from '../../../../src/engine/vm/qemu/runningVm.js';
import { savedLab, type SavedLabRequest } from '../../../../src/engine/vm/savedLab.js';
import { startStanding } from '../../../../src/engine/vm/standingExecs.js';
import type { LabShape } from '../../../../src/scenario/model/planTypes.js';
import { steady } from '../../../../src/support/patience.js';
import { ownCache, tempFolder } from '../tempFolder.js';

// The machine itself, its disk and what is in it need QEMU and Docker.
vi.mock(import('../../../../src/engine/vm/qemu/runningVm.js'));
vi.mock(import('../../../../src/engine/vm/qemu/disk.js'));
vi.mock(import('../../../../src/engine/vm/standingExecs.js'), async (original) => ({
  ...(await original()),
  startStanding: vi.fn(),
}));
vi.mock(import('../../../../src/engine/docker/lab.js'));
vi.mock(import('../../../../src/engine/docker/labNetwork.js'), () => ({
  createNetwork: vi.fn(),
  rangesOf: () => Promise.resolve([{ subnet: '198.18.7.0/24', gateway: '198.18.7.1' }]),
}));
vi.mock(import('../../../../src/engine/docker/askVersions.js'), () => ({
  askVersions: () => Promise.resolve({ components: { Engine: '26' }, images: {} }),
}));

const one = { container: 'c', argv: ['bash'], exec: 'e1', stream: 7, stdout: '', stderr: '' };

let cache: string;
let story: string[];
let memory: string;
let asked: VmRequest | undefined;
beforeEach(() => {
  cache = ownCache();
  story = [];
  memory = path.join(tempFolder(), 'memory');
  writeFileSync(memory, 'the memory of a machine with Docker');
  vi.mocked(withVm).mockImplementation(async (request, work) => {
    asked = request;
    const vm = {
      docker: {},
      machine: { pace: steady },
      connection: { kind: 'socket', socketPath: '/scratch/docker.sock' },
      quiet: () => {
        story.push('quiet');
        return Promise.resolve();
      },
      save: (file: string, streams: readonly number[]) => {
        story.push(`saved with streams ${streams.join()}`);
        writeFileSync(file, 'state');
        return Promise.resolve({ file, nextStream: 9, streams });
      },
    } as unknown as RunningVm;
    return work(vm);
  });
  vi.mocked(makeOverlay).mockImplementation((_, file) => {
    writeFileSync(file, 'overlay');
    return Promise.resolve();
  });
  vi.mocked(startStanding).mockImplementation(() => {
    story.push('started');
    return Promise.resolve([
      {
        record: () => {
          story.push('recorded');
          return one;
        },
      },
    ]);
  });
  knowing({});
});

/** What the nodes of the next lab know. */
function knowing(known: Awaited<ReturnType<typeof createNodes>>['known']): void {
  const said = { exitCode: 0, stdout: '## kernel', stderr: '' };
  const nodes = [
    {
      ...{ shape: { name: 'client' }, role: 'client', macs: ['02:00:00:00:00:02'] },
      versions: () => Promise.resolve(said),
    },
  ];
  vi.mocked(createNodes).mockResolvedValue({ nodes, known } as unknown as Awaited<
    ReturnType<typeof createNodes>
  >);
}

const shapeOf = (key = 'dr'): LabShape => ({
  ...{ key, labels: {}, nodes: [] },
  networks: [{ network: 'lan', name: 'lan', subnet: '198.18.7.0/24', gateway: '198.18.7.1' }],
});

const make = (shape = shapeOf(), machineKey = 'warm-1') =>
  savedLab(shape, {
    machine: { key: machineKey, memory, disk: '/cache/disk', facts: { architecture: 'x86_64' } },
    kernel: { facts: {} },
    progress: {
      note: () => undefined,
      step: (_: string, work: () => unknown) => work(),
      signal: new AbortController().signal,
    },
    testcontainers: { leadTo: () => Promise.resolve() },
  } as unknown as SavedLabRequest);

const entries = (): string[] => readdirSync(cache).filter((name) => !name.endsWith('.lock'));

describe('a lab that is saved', () => {
  it('is recorded when nothing is under way any more, and saved with its standing commands', async () => {
    const { record, state, key } = await make();
    expect(story).toEqual(['started', 'quiet', 'recorded', 'saved with streams 7']);
    expect(state).toMatchObject({ nextStream: 9, streams: [7] });
    expect(record).toMatchObject({
      ...{ standing: [one], macs: { client: ['02:00:00:00:00:02'] } },
      listings: { client: { stdout: '## kernel' } },
    });
    expect(record.networks).toEqual([{ subnet: '198.18.7.0/24', gateway: '198.18.7.1' }]);
    expect(entries()).toEqual([key]);
  });

  it('writes to a memory of its own, and leaves that of the machine with Docker as it is', async () => {
    const saved = await make();
    expect(asked?.memory).toMatchObject({ isWritten: true });
    expect(asked?.memory?.file).not.toBe(memory);
    expect(readFileSync(saved.memory, 'utf8')).toBe('the memory of a machine with Docker');
    expect(existsSync(memory)).toBe(true);
  });

  it('is made once, and read from then on', async () => {
    const first = await make();
    expect(await make()).toEqual(first);
    expect(story.filter((what) => what === 'started')).toHaveLength(1);
  });

  it.each([
    ['of another shape', () => make(shapeOf('nat'))],
    ['on another machine', () => make(shapeOf(), 'warm-2')],
  ])('is another one where it is %s', async (_, other) => {
    const first = await make();
    expect((await other()).key).not.toBe(first.key);
    expect(entries()).toHaveLength(2);
  });

  it('is refused, and not kept, where a node knows something that it can have from packets only', async () => {
    knowing({ director: ['neighbour 10.0.0.3 dev eth0 STALE'] });
    await expect(make()).rejects.toMatchObject({
      message: expect.stringContaining('in which nobody has sent a packet') as string,
      details: 'director: neighbour 10.0.0.3 dev eth0 STALE',
    });
    expect(entries()).toEqual([]);
    expect(story).toEqual([]);
  });
});
