import { lstat, readdir, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError, messageOf } from '../support/errors.js';
import { withDeadline } from '../support/wait.js';
import { cacheRoot, scratchRoot } from './lifetime/paths.js';
import { workFolder } from './debian/mmdebstrap.js';
import { removeMatching, runLabel } from './docker/remove.js';
import type { EmitEngine } from './port/engineEvents.js';
import { setsRoot } from './images/savedSets.js';
import { localEndpoint } from './local/localEndpoint.js';
import { reachEngine } from './local/reachEngine.js';
import {
  isOrphan,
  livingOwner,
  ownerLabel,
  ownerOfTag,
  refuseWithoutProc,
  tagPattern,
} from './lifetime/owner.js';
import { openOwnFolder, type OwnFolder } from './lifetime/ownFolder.js';
import { removeTree } from '../support/files/removeTree.js';
import { kernelsRoot } from './kernel/store/kernelsRoot.js';

/**
 * Removes what a killed lvs-lab left behind: folders of VMs and sessions whose process is gone, half-made cache entries and
 * kernels, and, on the local engine, everything with the lab's label whose maker is gone. Returns what was removed.
 */
export async function sweepLeftovers(emit: EmitEngine): Promise<readonly string[]> {
  await refuseWithoutProc();
  const removed: string[] = [];
  const failures: Error[] = [];
  // One place that cannot be swept keeps none of the others from it.
  for (const sweep of [sweepScratch, sweepPartialEntries, sweepWorkFolders]) {
    await sweep(removed).catch((error: unknown) => void failures.push(error as Error));
  }
  removed.push(...(await sweepLocalEngine(emit)));
  const [first, ...others] = failures;
  if (first === undefined) return removed;
  for (const { message } of others) emit({ type: 'engine-note', message });
  for (const what of removed) emit({ type: 'engine-note', message: `removed ${what}` });
  throw first;
}

/** Removes the whole cache; whatever is needed will be made again. Rejects with LabError while a VM reads from it. Returns the removed paths. */
export async function sweepCache(): Promise<readonly string[]> {
  await refuseWithoutProc();
  const root = cacheRoot();
  using scratch = openOwnFolder(scratchRoot(), 'private');
  const owners = (await namesIn(scratch)).map((name) => livingOwner(path.join(scratch?.path ?? '', name)));
  const [running] = (await Promise.all(owners)).flatMap((owner) => owner ?? []);
  if (running !== undefined) {
    throw new LabError(`the cache is in use by the lvs-lab with process id ${String(running.pid)}`, {
      hint: 'wait for it to end, or take its lab down with `lvs-lab down`',
    });
  }
  using cache = openOwnFolder(root, 'kept');
  const names = await namesIn(cache);
  for (const name of names) await removeTree(path.join(cache?.path ?? root, name));
  // A link to a larger disk stays.
  await rmdir(root).catch(() => undefined);
  return names.map((name) => path.join(root, name));
}

async function sweepScratch(removed: string[]): Promise<void> {
  using root = openOwnFolder(scratchRoot(), 'private');
  // What does not hold its owner yet has it in its name.
  const unowned = new RegExp(String.raw`^\.partial-(${tagPattern})-`);
  for (const name of await namesIn(root)) {
    const directory = path.join(root?.path ?? '', name);
    const tag = unowned.exec(name)?.[1];
    if (tag === undefined ? (await livingOwner(directory)) !== undefined : !(await isLeft(tag, directory)))
      continue;
    await removeTree(directory);
    removed.push(path.join(scratchRoot(), name));
  }
}

/** Removes half-made cache entries, and half-added or half-removed kernels and sets of images. Locks need no removal: they expire. */
async function sweepPartialEntries(removed: string[]): Promise<void> {
  const tagged = (before: string, after: string) =>
    new RegExp(`${before}\\.partial-(${tagPattern})-${after}$`);
  await sweepOfDead(cacheRoot(), tagged('', '[0-9a-f]+'), removed);
  await sweepOfDead(kernelsRoot(), tagged(String.raw`^\..+`, '[0-9a-f]+'), removed);
  await sweepOfDead(setsRoot(), tagged('^', String.raw`\w+`), removed);
}

/** Removes folders with the tag of a dead process in their name, where the pattern's group matches it. */
async function sweepOfDead(root: string, pattern: RegExp, removed: string[]): Promise<void> {
  using folder = openOwnFolder(root, 'kept');
  for (const name of await namesIn(folder)) {
    const tag = pattern.exec(name)?.[1];
    const directory = path.join(folder?.path ?? root, name);
    if (tag === undefined || !(await isLeft(tag, directory))) continue;
    await removeTree(directory);
    removed.push(path.join(root, name));
  }
}

/** Removes work folders of mmdebstrap. They are in a shared folder and open to all, so only this user's own are removed. */
async function sweepWorkFolders(removed: string[]): Promise<void> {
  const pattern = new RegExp(`^${workFolder}-(${tagPattern})-`);
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const directory = path.join(tmpdir(), name);
    const tag = pattern.exec(name)?.[1];
    if (tag === undefined || !(await isLeft(tag, directory))) continue;
    const found = await lstat(directory).catch(() => undefined);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    await removeTree(directory);
    removed.push(directory);
  }
}

/** The age in seconds from which a folder of another host or container, or of a hidden process, is taken to be left over: nothing that the lab makes takes a day. */
const foreignSeconds = 24 * 3600;

async function isLeft(tag: string, directory: string): Promise<boolean> {
  const owner = await ownerOfTag(tag);
  return owner === 'gone' || (owner === 'unknown' && (await ageSeconds(directory)) > foreignSeconds);
}

const namesIn = (folder: OwnFolder | undefined): Promise<readonly string[]> =>
  folder === undefined ? Promise.resolve([]) : readdir(folder.path);

async function sweepLocalEngine(emit: EmitEngine): Promise<readonly string[]> {
  let where = '';
  let reason = messageOf;
  try {
    const endpoint = await localEndpoint();
    where = ` (${endpoint.name})`;
    await using reached = await reachEngine(endpoint);
    reason = reached.reason;
    return await withDeadline(
      `the engine at ${endpoint.name}`,
      removeMatching(reached.docker, [runLabel], ({ labels }) => isOrphan(labels[ownerLabel])),
      60,
    );
  } catch (error) {
    emit({ type: 'engine-note', message: `no local engine was swept: ${reason(error).trim()}${where}` });
    return [];
  }
}

const ageSeconds = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => (Date.now() - mtimeMs) / 1000,
    () => Infinity,
  );
