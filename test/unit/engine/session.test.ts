import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { scratchRoot } from '../../../src/engine/cache/paths.js';
import { markOwner } from '../../../src/engine/owner.js';
import type { Engine, Lab } from '../../../src/engine/port.js';
import { holdSession, readSession, stopSession } from '../../../src/engine/session.js';
import type { Plan } from '../../../src/scenario/planTypes.js';
import { LabError } from '../../../src/support/errors.js';
import { tempFolder, withEnvironment } from './tempFolder.js';

beforeEach(() => {
  withEnvironment({ TMPDIR: tempFolder() });
});

const connection = { kind: 'socket', socketPath: '/run/docker.sock' } as const;

const engine = (lost: Promise<never> = new Promise(() => undefined)) =>
  ({ connection, lost }) as unknown as Engine;

const planned = (runId: string) => ({
  lab: { nodes: [{ shape: { name: 'client', container: `lvs-lab-${runId}-client` } }] } as unknown as Lab,
  plan: { runId, scenario: 'close/server-first' } as unknown as Plan,
});

/** Holds a lab until the test is over. */
async function hold(runId: string, lost?: Promise<never>) {
  const stop = new AbortController();
  const held = holdSession(engine(lost), planned(runId), stop.signal);
  held.catch(() => undefined);
  onTestFinished(async () => {
    stop.abort();
    await held.catch(() => undefined);
  });
  await expect.poll(() => readSession(runId).catch(() => undefined), { interval: 2 }).toBeDefined();
  return { stop, held };
}

const errorOf = async (promise: Promise<unknown>): Promise<LabError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('a held session', () => {
  it('can be found while it is held, by this user only, and is gone afterwards', async () => {
    const { stop, held } = await hold('aaaa1111');
    expect(await readSession()).toEqual({
      runId: 'aaaa1111',
      scenario: 'close/server-first',
      connection,
      nodes: { client: 'lvs-lab-aaaa1111-client' },
    });
    const folder = path.join(scratchRoot(), 'session-aaaa1111');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'session.json')).mode & 0o777).toBe(0o600);
    stop.abort();
    await held;
    expect(readdirSync(scratchRoot())).toEqual([]);
  });

  it('ends with the error of an engine that is lost, and is gone', async () => {
    let lose!: (error: Error) => void;
    const { held } = await hold('aaaa1111', new Promise<never>((_, reject) => (lose = reject)));
    lose(new LabError('QEMU was killed'));
    await expect(held).rejects.toThrow('QEMU was killed');
    expect(readdirSync(scratchRoot())).toEqual([]);
  });

  it('ends at once when told to stop before it began', async () => {
    await holdSession(engine(), planned('aaaa1111'), AbortSignal.abort());
    expect(readdirSync(scratchRoot())).toEqual([]);
  });
});

describe('readSession', () => {
  it('says how to bring a lab up when none is', async () => {
    const error = await errorOf(readSession());
    expect(error.message).toBe('no lab is up');
    expect(error.hint).toContain('lvs-lab up SCENARIO');
  });

  it('names the run id that is not up', async () => {
    await hold('aaaa1111');
    expect((await errorOf(readSession('bbbb2222'))).message).toBe('no lab with the run id bbbb2222 is up');
  });

  it('lists the labs when two are up and none was named, and takes the one named', async () => {
    await hold('aaaa1111');
    await hold('bbbb2222');
    const error = await errorOf(readSession());
    expect(error.message).toBe('2 labs are up, expected to choose one');
    expect(error.details?.split('\n').sort()).toEqual([
      'aaaa1111  close/server-first',
      'bbbb2222  close/server-first',
    ]);
    expect(error.hint).toBe('name one with --run RUNID');
    expect((await readSession('bbbb2222')).runId).toBe('bbbb2222');
  });

  it('passes over a session whose process is gone, and one that is only half written', async () => {
    const { stop, held } = await hold('aaaa1111');
    const text = readFileSync(path.join(scratchRoot(), 'session-aaaa1111', 'session.json'), 'utf8');
    stop.abort();
    await held;
    const leftover = path.join(scratchRoot(), 'session-aaaa1111');
    mkdirSync(leftover);
    writeFileSync(path.join(leftover, 'session.json'), text);
    writeFileSync(path.join(leftover, 'owner.json'), JSON.stringify({ pid: process.pid, startTime: '1' }));
    const half = path.join(scratchRoot(), 'session-bbbb2222');
    mkdirSync(half);
    await markOwner(half);
    writeFileSync(path.join(half, 'session.json'), '');
    expect((await errorOf(readSession())).message).toBe('no lab is up');
  });
});

describe('stopSession', () => {
  it('ends the process that holds the lab and waits until it is gone', async () => {
    const folder = path.join(scratchRoot(), 'session-cccc3333');
    mkdirSync(folder, { recursive: true });
    const holder = spawn('tail', ['-f', '/dev/null'], { stdio: 'ignore' });
    const stat = readFileSync(`/proc/${holder.pid!}/stat`, 'utf8');
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
    writeFileSync(path.join(folder, 'owner.json'), JSON.stringify({ pid: holder.pid, startTime }));
    writeFileSync(path.join(folder, 'session.json'), JSON.stringify({ runId: 'cccc3333', scenario: 's' }));
    expect((await stopSession()).runId).toBe('cccc3333');
    expect(existsSync(`/proc/${holder.pid!}`) && holder.signalCode === null).toBe(false);
  });

  it('says that no lab is up', async () => {
    expect((await errorOf(stopSession('dddd4444'))).message).toContain('dddd4444');
  });
});
