import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { scratchRoot } from '../../../src/engine/lifetime/paths.js';
import { markOwner } from '../../../src/engine/lifetime/owner.js';
import type { Lab } from '../../../src/engine/port/port.js';
import { holdSession, readSession, stopSession } from '../../../src/engine/session.js';
import type { Plan } from '../../../src/scenario/model/planTypes.js';
import { LabError } from '../../../src/support/errors.js';
import { tempFolder, withEnvironment } from './tempFolder.js';

beforeEach(() => {
  withEnvironment({ TMPDIR: tempFolder() });
});

const connection = { kind: 'socket', socketPath: '/run/docker.sock' } as const;

const planned = (runId: string, lost: Promise<never> = new Promise(() => undefined)) => ({
  lab: {
    connection,
    lost,
    nodes: [{ shape: { name: 'client', container: `lvs-lab-${runId}-client` } }],
  } as unknown as Lab,
  plan: { runId, scenario: 'close/server-first' } as unknown as Plan,
});

/** Holds a lab until the test is over. */
async function hold(runId: string, lost?: Promise<never>) {
  const stop = new AbortController();
  const held = holdSession(planned(runId, lost), stop.signal);
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

  it('ends with the error of a lab that is lost, and is gone', async () => {
    let lose!: (error: Error) => void;
    const { held } = await hold('aaaa1111', new Promise<never>((_, reject) => (lose = reject)));
    lose(new LabError('QEMU was killed'));
    await expect(held).rejects.toThrow('QEMU was killed');
    expect(readdirSync(scratchRoot())).toEqual([]);
  });

  it('ends at once when told to stop before it began', async () => {
    await holdSession(planned('aaaa1111'), AbortSignal.abort());
    expect(readdirSync(scratchRoot())).toEqual([]);
  });
});

describe('a session of somebody else’s making', () => {
  /** A folder as a holder would have it, naming a process that would have to end for it. */
  async function planted(root: string, pid: number): Promise<void> {
    const folder = path.join(root, 'session-evil0000');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await markOwner(folder);
    const owner = JSON.parse(readFileSync(path.join(folder, 'owner.json'), 'utf8')) as object;
    const startTime = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;
    writeFileSync(path.join(folder, 'owner.json'), JSON.stringify({ ...owner, pid, startTime }));
    const session = { runId: 'evil0000', scenario: 'close/server-first', connection, nodes: {} };
    writeFileSync(path.join(folder, 'session.json'), JSON.stringify(session));
  }

  it('is not believed where its folder is a link, and nobody is sent a signal', async () => {
    const victim = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void victim.kill('SIGKILL'));
    const elsewhere = tempFolder();
    await planted(elsewhere, victim.pid!);
    symlinkSync(elsewhere, scratchRoot());
    expect((await errorOf(stopSession())).message).toContain(scratchRoot());
    expect((await errorOf(readSession())).message).toContain(scratchRoot());
    expect(victim.exitCode ?? victim.signalCode).toBeNull();
  });

  it('is not believed where others may write, or where it is another user’s', async () => {
    const victim = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void victim.kill('SIGKILL'));
    await planted(scratchRoot(), victim.pid!);
    chmodSync(scratchRoot(), 0o770);
    expect((await errorOf(stopSession())).message).toContain('its mode is 770');
    chmodSync(scratchRoot(), 0o700);
    // Only root can give a folder away.
    if (process.getuid!() === 0) {
      chownSync(scratchRoot(), 65534, 65534);
      expect((await errorOf(stopSession())).message).toContain('it belongs to the user with id 65534');
      chownSync(scratchRoot(), 0, 0);
    }
    expect(victim.exitCode ?? victim.signalCode).toBeNull();
    // The twin: in an honest folder it is a session, and its process ends.
    expect(await stopSession()).toMatchObject({ runId: 'evil0000' });
    await expect.poll(() => victim.signalCode, { interval: 5 }).toBe('SIGTERM');
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
    mkdirSync(leftover, { mode: 0o700 });
    writeFileSync(path.join(leftover, 'session.json'), text);
    writeFileSync(
      path.join(leftover, 'owner.json'),
      JSON.stringify({ pid: process.pid, startTime: '1', uid: process.getuid!() }),
    );
    const half = path.join(scratchRoot(), 'session-bbbb2222');
    mkdirSync(half, { mode: 0o700 });
    await markOwner(half);
    writeFileSync(path.join(half, 'session.json'), '');
    expect((await errorOf(readSession())).message).toBe('no lab is up');
  });
});

describe('a session that this version did not write', () => {
  const publish = async (text: string) => {
    const folder = path.join(scratchRoot(), 'session-eeee5555');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await markOwner(folder);
    writeFileSync(path.join(folder, 'session.json'), text);
    return path.join(folder, 'session.json');
  };

  it.each([
    ['{}', 'runId'],
    [JSON.stringify({ runId: 'r', scenario: 's', nodes: {} }), 'connection'],
    [
      JSON.stringify({ runId: 'r', scenario: 's', nodes: {}, connection: { kind: 'tcp', host: 'h' } }),
      'connection.port',
    ],
    ['[1]', 'the top level'],
  ])('is refused with its file, what is wrong and how to end it: %s', async (text, where) => {
    const file = await publish(text);
    const error = await errorOf(readSession());
    expect(error.message).toContain(
      `expected ${file} to tell of a lab that is up: unexpected contents at ${where}: `,
    );
    expect(error.hint).toContain(`kill ${String(process.pid)}`);
  });

  it('is no hindrance once its process has ended', async () => {
    await publish('{}');
    const folder = path.join(scratchRoot(), 'session-eeee5555');
    writeFileSync(
      path.join(folder, 'owner.json'),
      JSON.stringify({ pid: process.pid, startTime: '1', uid: process.getuid!() }),
    );
    expect((await errorOf(readSession())).message).toBe('no lab is up');
  });
});

describe('stopSession', () => {
  it('ends the process that holds the lab and waits until it is gone', async () => {
    const folder = path.join(scratchRoot(), 'session-cccc3333');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const holder = spawn('tail', ['-f', '/dev/null'], { stdio: 'ignore' });
    const stat = readFileSync(`/proc/${holder.pid!}/stat`, 'utf8');
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
    writeFileSync(
      path.join(folder, 'owner.json'),
      JSON.stringify({ pid: holder.pid, startTime, uid: process.getuid!() }),
    );
    writeFileSync(
      path.join(folder, 'session.json'),
      JSON.stringify({ runId: 'cccc3333', scenario: 's', connection, nodes: {} }),
    );
    expect((await stopSession()).runId).toBe('cccc3333');
    expect(existsSync(`/proc/${holder.pid!}`) && holder.signalCode === null).toBe(false);
  });

  it('says that no lab is up', async () => {
    expect((await errorOf(stopSession('dddd4444'))).message).toContain('dddd4444');
  });
});
