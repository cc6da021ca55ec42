import { createHash } from 'node:crypto';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';

/** A process of this user, told apart from a later one with the same id by when it started. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat; source: proc(5). */
  readonly startTime: string;
  /** User id. */
  readonly uid: number;
}

const fileName = 'owner.json';

/** Writes into a folder that this process owns it. */
export async function markOwner(directory: string): Promise<void> {
  const found = await processOf(process.pid);
  if (found === undefined)
    throw new LabError('expected /proc to say when this process started, found nothing');
  const owner: Owner = { pid: process.pid, ...found };
  await writeFile(path.join(directory, fileName), JSON.stringify(owner), { mode: 0o600 });
}

/** The owner of a folder while it lives; undefined when it is gone or never was. Whose the folder is, the caller has looked at. */
export async function livingOwner(directory: string): Promise<Owner | undefined> {
  const owner = await readOwner(path.join(directory, fileName));
  return owner !== undefined && (await isAlive(owner)) ? owner : undefined;
}

/** Whether a process is still the one it was, and this user's. */
export async function isAlive({ pid, startTime, uid }: Owner): Promise<boolean> {
  const found = await processOf(pid);
  return found?.startTime === startTime && found.uid === uid && uid === process.getuid?.();
}

/** Bytes; it has some fifty. */
const largestFile = 4096;

/** Undefined for what no process of the lab wrote: an id below 2, given to kill(), would mean others, or all. */
async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const { pid, startTime, uid } = JSON.parse(await readRegularText(file, largestFile)) as Partial<Owner>;
    const isWhole =
      Number.isSafeInteger(pid) &&
      Number(pid) > 1 &&
      typeof startTime === 'string' &&
      typeof uid === 'number';
    return isWhole ? { pid: Number(pid), startTime, uid } : undefined;
  } catch {
    return undefined;
  }
}

/** What `ownerTag` gives, as a regular expression. */
export const tagPattern = String.raw`[0-9a-f]{8}\.\d+\.\d+`;

/**
 * This process as part of a name, for what lies where other hosts and containers may put theirs: where process ids count, the id, and when the process
 * started.
 */
export async function ownerTag(): Promise<string> {
  return `${await placeOfIds()}.${String(process.pid)}.${(await startTimeOf(process.pid)) ?? ''}`;
}

/** What is known of a tag's process; of those elsewhere, nothing. */
export async function ownerOfTag(tag: string): Promise<'alive' | 'gone' | 'elsewhere'> {
  const [place, pid, startTime] = tag.split('.');
  if (place !== (await placeOfIds())) return 'elsewhere';
  return (await startTimeOf(Number(pid))) === startTime ? 'alive' : 'gone';
}

/** A host's name and its namespace of process ids: each container has one of its own. */
async function placeOfIds(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

/** Key of the label that says which process made a container or network. */
export const ownerLabel = 'lvs-lab.owner';

/** This process, as the label's value. */
export async function ownerLabelValue(): Promise<string> {
  return `${hostname()}/${String(process.pid)}/${(await startTimeOf(process.pid)) ?? ''}`;
}

/** True when the label names a process of this host that is gone; of another host's processes nothing is known. */
export async function isOrphan(value: string | undefined): Promise<boolean> {
  const [host, pid, startTime] = (value ?? '').split('/');
  if (host !== hostname()) return value === undefined;
  return (await startTimeOf(Number(pid))) !== startTime;
}

/** True when the label names a process of this host that still runs. */
export async function isRunningHere(value: string): Promise<boolean> {
  return value.startsWith(`${hostname()}/`) && !(await isOrphan(value));
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  return (await processOf(pid))?.startTime;
}

async function processOf(pid: number): Promise<Omit<Owner, 'pid'> | undefined> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
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
