import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError } from '../support/errors.js';
import { withDeadline } from '../support/wait.js';
import { cacheRoot, scratchRoot } from './cache/paths.js';
import { workFolder } from './debian/mmdebstrap.js';
import { connectDocker, dockerHost } from './docker/connection.js';
import { removeMatching, runLabel } from './docker/remove.js';
import type { EmitEngine } from './events.js';
import { localConnection } from './local/connection.js';
import { isOrphan, livingOwner, ownerLabel } from './owner.js';
import { kernelsRoot } from './store/paths.js';

/**
 * Removes what a killed lvs-lab left behind: folders of VMs and sessions whose process is gone, half-made cache entries and
 * kernels, and, on the local engine, everything with the lab's label whose maker is gone. Returns what was removed.
 */
export async function sweepLeftovers(emit: EmitEngine): Promise<readonly string[]> {
  return [...(await sweepScratch()), ...(await sweepPartialEntries()), ...(await sweepLocalEngine(emit))];
}

/** Removes the whole cache; what is needed again is made again. Refuses while a VM reads from it. */
export async function sweepCache(): Promise<readonly string[]> {
  const root = cacheRoot();
  const scratch = await readdir(scratchRoot()).catch(() => []);
  const owners = await Promise.all(scratch.map((name) => livingOwner(path.join(scratchRoot(), name))));
  const [running] = owners.flatMap((owner) => owner ?? []);
  if (running !== undefined) {
    throw new LabError(`the cache is in use by the lvs-lab with process id ${String(running.pid)}`, {
      hint: 'wait for it to end, or take its lab down with `lvs-lab down`',
    });
  }
  const names = await readdir(root).catch(() => []);
  await rm(root, { recursive: true, force: true });
  return names.map((name) => path.join(root, name));
}

async function sweepScratch(): Promise<readonly string[]> {
  const root = scratchRoot();
  const removed: string[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const directory = path.join(root, name);
    if (name.startsWith('.') && (await ageSeconds(directory)) < startingSeconds) continue;
    if ((await livingOwner(directory)) !== undefined) continue;
    await rm(directory, { recursive: true, force: true });
    removed.push(directory);
  }
  return removed;
}

/** Half-made cache entries, half-added or half-removed kernels, and what mmdebstrap was working in; a lock goes stale by itself. */
async function sweepPartialEntries(): Promise<readonly string[]> {
  return [
    ...(await sweepOfDead(cacheRoot(), /\.partial-(\d+)-[0-9a-f]+$/)),
    ...(await sweepOfDead(kernelsRoot(), /^\..+\.partial-(\d+)-[0-9a-f]+$/)),
    ...(await sweepOfDead(tmpdir(), new RegExp(`^${workFolder}-(\\d+)-`))),
  ];
}

/** Removes folders whose name holds, as the pattern's group, the id of a process that is gone. */
async function sweepOfDead(root: string, pattern: RegExp): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const pid = pattern.exec(name)?.[1];
    if (pid === undefined || (await isRunning(Number(pid)))) continue;
    await rm(path.join(root, name), { recursive: true, force: true });
    removed.push(path.join(root, name));
  }
  return removed;
}

async function sweepLocalEngine(emit: EmitEngine): Promise<readonly string[]> {
  let where = 'DOCKER_HOST';
  try {
    const connection = localConnection();
    where = dockerHost(connection);
    const docker = await connectDocker(connection);
    return await withDeadline(
      `the engine at ${where}`,
      removeMatching(docker, [runLabel], ({ labels }) => isOrphan(labels[ownerLabel])),
      60,
    );
  } catch (error) {
    emit({
      type: 'engine-note',
      message: `no local engine was swept: ${(error as Error).message.trim()} (${where})`,
    });
    return [];
  }
}

/** A folder that is being made has no owner yet. */
const startingSeconds = 60;

const ageSeconds = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => (Date.now() - mtimeMs) / 1000,
    () => Infinity,
  );

const isRunning = (pid: number): Promise<boolean> =>
  readdir(`/proc/${String(pid)}`).then(
    () => true,
    () => false,
  );
