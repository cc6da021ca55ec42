import { createHash } from 'node:crypto';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { hostname, platform } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { LabError } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { parseJson } from '../../support/parseJson.js';

/** A process of this user. Its start time tells it from a later process with the same id. */
const ownerSchema = z.object({
  /** Ids below 2 are refused, because kill() would take them to mean other processes, or all. */
  pid: z.int().min(2),
  /** When it started, in clock ticks after boot: field 22 of /proc/PID/stat. Source: proc(5). */
  startTime: z.string(),
  /** The user id. */
  uid: z.number(),
});
export type Owner = Immutable<z.infer<typeof ownerSchema>>;

const fileName = 'owner.json';

/**
 * Rejects with LabError where /proc does not tell of this process, as outside of Linux: labs that are in use could not be told from those
 * that were left over.
 */
export async function refuseWithoutProc(): Promise<void> {
  if ((await processOf(process.pid)) === undefined)
    throw new LabError(
      `the lab works on Linux with /proc, by which it tells labs in use from those that were left over; this is ${platform()}, and /proc does not tell of this process`,
      { hint: 'run it on a Linux machine or in a Linux VM, and mount /proc there: mount -t proc proc /proc' },
    );
}

/** Writes into a folder that it belongs to this process. */
export async function markOwner(directory: string): Promise<void> {
  const found = await processOf(process.pid);
  if (found === undefined)
    throw new LabError('expected /proc to say when this process started, found nothing');
  const owner: Owner = { pid: process.pid, ...found };
  await writeFile(path.join(directory, fileName), JSON.stringify(owner), { mode: 0o600 });
}

/**
 * The process that a folder belongs to; undefined when it has ended or was never recorded. The caller has checked that the folder belongs
 * to this user.
 */
export async function livingOwner(directory: string): Promise<Owner | undefined> {
  const owner = await readOwner(path.join(directory, fileName));
  return owner !== undefined && (await isAlive(owner)) ? owner : undefined;
}

/** Whether a process is still running, and runs as this user. */
export async function isAlive({ pid, startTime, uid }: Owner): Promise<boolean> {
  const found = await processOf(pid);
  return found?.startTime === startTime && found.uid === uid && uid === process.getuid?.();
}

/** The largest owner file that is read, in bytes; a real one has some fifty. */
const largestFile = 4096;

/** Reads an owner file; undefined when no process of the lab can have written it. */
async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return parseJson(ownerSchema, await readRegularText(file, largestFile));
  } catch {
    return undefined;
  }
}

/** A regular expression that matches what `ownerTag` returns. */
export const tagPattern = String.raw`[0-9a-f]{8}\.\d+\.\d+`;

/**
 * This process as a part of a name or label, for folders and engines that several hosts and containers share: a hash of the place where its
 * process id is valid, the id, and when the process started.
 */
export async function ownerTag(): Promise<string> {
  return `${await placeOfIds()}.${String(process.pid)}.${(await startTimeOf(process.pid)) ?? ''}`;
}

/** Whether the process of a tag is alive; `unknown`: it belongs to another host or container, or /proc hides it, and nobody here can tell. */
export async function ownerOfTag(tag: string): Promise<ProcessState> {
  const [place, pid, startTime] = tag.split('.');
  return place === (await placeOfIds()) ? stateOf(Number(pid), startTime) : 'unknown';
}

/** A hash of the host's name and its namespace of process ids, of which each container has its own. */
async function placeOfIds(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

/** The key of the label that holds the tag of the process which made a container or network. */
export const ownerLabel = 'lvs-lab.owner';

/** Whether the process of what has this label, or none, has ended. False where nobody here can tell. */
export async function isOrphan(tag: string | undefined): Promise<boolean> {
  return tag === undefined || (await ownerOfTag(tag)) === 'gone';
}

type ProcessState = 'alive' | 'gone' | 'unknown';

/** What became of the process that had an id since a start time. */
async function stateOf(pid: number, startTime: string | undefined): Promise<ProcessState> {
  const found = await startTimeOf(pid);
  if (found !== undefined) return found === startTime ? 'alive' : 'gone';
  return (await isHidden(pid)) ? 'unknown' : 'gone';
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  return (await processOf(pid))?.startTime;
}

/**
 * Whether there is a process with an id of which /proc does not tell this user: mounted with `hidepid` it tells others than root of their own
 * processes only, and a signal is still answered by whether there is one. Source: proc(5).
 */
async function isHidden(pid: number): Promise<boolean> {
  // To kill(), ids below 1 are groups of processes, or all.
  if (!(pid >= 1)) return false;
  if ((await statOf(pid).catch(() => undefined)) !== undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const statOf = (pid: number): Promise<string> => readFile(`/proc/${String(pid)}/stat`, 'utf8');

async function processOf(pid: number): Promise<Omit<Owner, 'pid'> | undefined> {
  try {
    const stat = await statOf(pid);
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Zombies have ended: nobody is going to clean up for them.
    const [state, startTime] = [fields[0], fields[19]];
    const uid = /^Uid:\t(\d+)/m.exec(status)?.[1];
    return state === 'Z' || startTime === undefined || uid === undefined
      ? undefined
      : { startTime, uid: Number(uid) };
  } catch {
    return undefined;
  }
}
