import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isOrphan,
  livingOwner,
  markOwner,
  ownerTag,
  type Owner,
} from '../../../../src/engine/lifetime/owner.js';
import { tempFolder } from '../tempFolder.js';

async function marked(change: Partial<Owner> = {}): Promise<string> {
  const folder = tempFolder();
  await markOwner(folder);
  const file = path.join(folder, 'owner.json');
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Owner;
  writeFileSync(file, JSON.stringify({ ...owner, ...change }));
  return folder;
}

/** The id of a process that has ended and been waited for. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}

describe('livingOwner', () => {
  it('is this process for a folder that it marked', async () => {
    const folder = await marked();
    expect((await livingOwner(folder))?.pid).toBe(process.pid);
    expect(statSync(path.join(folder, 'owner.json')).mode & 0o777).toBe(0o600);
  });

  it('is nobody when the process has ended', async () => {
    expect(await livingOwner(await marked({ pid: await deadPid() }))).toBeUndefined();
  });

  it('is nobody when another process has got the same id since', async () => {
    expect(await livingOwner(await marked({ startTime: '1' }))).toBeUndefined();
  });

  it('is nobody when the process is a zombie', async () => {
    // The shell's child ends after the exec, which leaves a parent that never waits for it.
    const child = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec tail -f /dev/null'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const stat = (): string => readFileSync(`/proc/${String(line).trim()}/stat`, 'utf8');
      await expect.poll(stat, { interval: 5 }).toContain(') Z ');
      const startTime = stat().split(') ')[1]!.split(' ')[19]!;
      expect(await livingOwner(await marked({ pid: Number(line), startTime }))).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is nobody when the process is another user’s, or said to be', async () => {
    expect(await livingOwner(await marked({ uid: process.getuid!() + 1 }))).toBeUndefined();
    const child = spawn('setpriv', ['--reuid', '65534', 'sleep', '60'], { stdio: 'ignore' });
    // Only root can be somebody else; elsewhere the first process is.
    const pid = process.getuid!() === 0 ? child.pid! : 1;
    try {
      const uid = () => /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      await expect.poll(uid, { interval: 5 }).not.toBe(String(process.getuid!()));
      const startTime = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;
      expect(await livingOwner(await marked({ pid, startTime, uid: Number(uid()) }))).toBeUndefined();
      expect(await livingOwner(await marked({ pid, startTime }))).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    '{"pid":-1}',
    '{"pid":0}',
    '{"pid":1.5,"startTime":"1","uid":0}',
    '[]',
    '{"pid":-1,"startTime":"","uid":0}',
  ])('is nobody where a signal would go to others than one process: %s', async (content) => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'owner.json'), content);
    expect(await livingOwner(folder)).toBeUndefined();
  });

  it.each([undefined, '', '{', 'null'])('is nobody where owner.json holds %j', async (content) => {
    const folder = tempFolder();
    if (content !== undefined) writeFileSync(path.join(folder, 'owner.json'), content);
    expect(await livingOwner(folder)).toBeUndefined();
  });
});

describe('isOrphan', () => {
  /** This process's tag with another process. */
  const tagOf = async (pid: number, startTime: number): Promise<string> =>
    `${(await ownerTag()).split('.')[0]!}.${pid}.${startTime}`;

  it('is false for what this process made', async () => {
    expect(await isOrphan(await ownerTag())).toBe(false);
  });

  it('is true when the process of this host is gone, or is another one by now', async () => {
    expect(await isOrphan(await tagOf(await deadPid(), 123))).toBe(true);
    expect(await isOrphan(await tagOf(process.pid, 1))).toBe(true);
  });

  it('is false for another host or container, whose processes cannot be known', async () => {
    expect(await isOrphan(`0badcafe.${await deadPid()}.1`)).toBe(false);
  });

  it('is true for what names no maker, or a maker that no process can be', async () => {
    expect(await isOrphan(undefined)).toBe(true);
    expect(await isOrphan(await tagOf(0, 1))).toBe(true);
  });
});
