import { steady } from '../../../../src/support/patience.js';
import { describe, expect, it } from 'vitest';
import { startExec } from '../../../../src/engine/docker/nodes/containerExec.js';
import { shellArgv } from '../../../../src/engine/docker/nodes/nodeShell.js';
import { standingExecs, startStanding, type StandingExec } from '../../../../src/engine/vm/standingExecs.js';
import { RelayStream } from '../../../../src/engine/vm/relay/relayStream.js';
import type { LabShape, StandingCommand } from '../../../../src/scenario/model/planTypes.js';
import { LabError } from '../../../../src/support/errors.js';
import { execFrame } from '../execFrame.js';
import { fakeExecs, type FakeExec } from '../fakeExecs.js';

const sampler: StandingCommand = { argv: ['sampler', '0.1'], ready: '@@ waiting' };
const shapeOf = (nodes: Readonly<Record<string, readonly StandingCommand[]>>) =>
  ({
    nodes: Object.entries(nodes).map(([container, standing]) => ({ container, standing })),
  }) as unknown as LabShape;

/** A shell answers what it is asked. */
const answer = (exec: FakeExec): boolean => {
  if (exec.argv.join() !== shellArgv.join()) return false;
  for (const to of [1, 2] as const) exec.says(to, '\n@@ ended 0\n');
  return true;
};

const standingOf = (started: (exec: FakeExec) => void, nodes: Parameters<typeof shapeOf>[0]) => {
  const { docker, execs } = fakeExecs((exec) => {
    if (!answer(exec)) started(exec);
  });
  return { standing: startStanding(docker, shapeOf(nodes), steady), execs };
};

describe('the standing commands of a lab that is saved', () => {
  it('are a shell in each node and what its shape has, each known by its stream', async () => {
    const { standing, execs } = standingOf(
      (exec) => {
        exec.says(1, 'header');
        exec.says(2, '@@ pid 7\n@@ waiting\n');
      },
      { 'lab-client': [sampler], 'lab-director': [] },
    );
    const found = (await standing).map(({ record }) => record());
    expect(found.map(({ container, argv }) => [container, argv.join(' ')])).toEqual([
      ['lab-client', 'bash /lab/shell.sh'],
      ['lab-client', 'sampler 0.1'],
      ['lab-director', 'bash /lab/shell.sh'],
    ]);
    for (const { exec, stream } of found) expect(execs.find(({ id }) => id === exec)?.stream.id).toBe(stream);
    expect(new Set(found.map(({ stream }) => stream)).size).toBe(3);
    const one = found.find(({ argv }) => argv[0] === 'sampler');
    expect(Buffer.from(one?.stdout ?? '', 'base64').toString()).toBe('header');
    expect(one?.stderr).toBe('@@ pid 7\n@@ waiting\n');
  });

  it('leave out what the shells answered, for nobody asked them for it', async () => {
    const { standing, execs } = standingOf(() => undefined, { 'lab-client': [] });
    const [shell] = await standing;
    expect(shell?.record()).toMatchObject({ stdout: '', stderr: '' });
    // That a shell answers shows that it is there.
    expect(execs[0]?.input).toBe('true\0\0');
  });

  it('have written all that has arrived when they are asked for, also after they were ready', async () => {
    const { standing, execs } = standingOf(
      (exec) => {
        exec.says(2, '@@ waiting\n');
      },
      { 'lab-client': [sampler] },
    );
    const found = (await standing).at(-1);
    const before = found?.record();
    execs.at(-1)?.says(1, 'header');
    await expect.poll(() => found?.record().stdout).toBe(Buffer.from('header').toString('base64'));
    expect(before?.stdout).toBe('');
  });

  it('are waited for until each is ready', async () => {
    let starting: FakeExec | undefined;
    const { standing } = standingOf((exec) => (starting = exec), { 'lab-client': [sampler] });
    let isReady = false;
    void standing.then(() => (isReady = true));
    await expect.poll(() => starting).toBeDefined();
    starting?.says(2, '@@ pid 7\n');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(isReady).toBe(false);
    starting?.says(2, '@@ waiting\n');
    await standing;
  });

  it('are missed where one ends, and what it said is shown', async () => {
    const { standing } = standingOf(
      (exec) => {
        exec.says(2, 'sampler: no such file\n');
        exec.end(127);
      },
      { 'lab-client': [sampler] },
    );
    const error: unknown = await standing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      message: '`sampler 0.1` in lab-client ended with exit code 127, expected it to wait',
      details: 'sampler: no such file\n',
    });
  });
});

describe('the commands in a lab that goes on', () => {
  const kept: StandingExec = {
    ...{ container: 'lab-client', argv: ['sampler', '0.1'], exec: 'exec 9', stream: 9 },
    ...{ stdout: Buffer.from('header ').toString('base64'), stderr: '@@ waiting\n' },
  };
  const request = { container: 'lab-client', argv: ['sampler', '0.1'], stdin: true };

  const goingOn = (streams: readonly number[] = [9]) => {
    const { docker, execs } = fakeExecs();
    const written: string[] = [];
    const stream = new RelayStream(9, (type, payload) => {
      if (type === 'D') written.push(payload?.toString() ?? '');
    });
    const adopted = new Map(streams.map((id) => [id, stream]));
    return { docker, execs, stream, written, open: standingExecs(docker, adopted, [kept]) };
  };

  it('are connected to where they stand, with what they had written', async () => {
    const { docker, execs, stream, written, open } = goingOn();
    const command = await startExec(docker, open, request);
    command.stdin?.write('go\n');
    stream.receive(execFrame(1, 'sample'));
    const pieces: string[] = [];
    command.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString()));
    await expect.poll(() => pieces.join('')).toBe('header sample');
    expect(command.stderr()).toBe('@@ waiting\n');
    await expect.poll(() => written.join('')).toBe('go\n');
    expect(execs).toEqual([]);
  });

  it('are given out once, and started when they are wanted again', async () => {
    const { execs, stream, open } = goingOn();
    expect((await open(request)).stream).toBe(stream);
    const again = await open(request);
    expect(again.stream).toBe(execs[0]?.stream);
    expect(again.before).toBeUndefined();
  });

  it.each([
    ['in another node', { ...request, container: 'lab-director' }, [9]],
    ['with other arguments', { ...request, argv: ['sampler', '0.2'] }, [9]],
    ['whose stream is gone', request, []],
  ])('are started where there is none such: %s', async (_, wanted, streams) => {
    const { execs, open } = goingOn(streams);
    await open(wanted);
    expect(execs.map(({ container, argv }) => ({ container, argv }))).toEqual([
      { container: wanted.container, argv: wanted.argv },
    ]);
  });
});
