import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** A process, told apart from a later one with the same id by when it started. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat; source: proc(5). */
  readonly startTime: string;
}

const fileName = 'owner.json';

/** Writes into a folder that this process owns it. */
export async function markOwner(directory: string): Promise<void> {
  const owner: Owner = { pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? '' };
  await writeFile(path.join(directory, fileName), JSON.stringify(owner), { mode: 0o600 });
}

/** The owner of a folder while it lives; undefined when it is gone or never was. */
export async function livingOwner(directory: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path.join(directory, fileName), 'utf8')) as Owner;
    return (await startTimeOf(owner.pid)) === owner.startTime ? owner : undefined;
  } catch {
    return undefined;
  }
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
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Zombies have ended: nobody is going to clean up for them.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
