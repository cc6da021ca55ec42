import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../contracts/immutable.js';
import { LabError, messageOf } from '../support/errors.js';
import { readRegularText } from '../support/files/readRegular.js';
import { parseJson } from '../support/parseJson.js';
import { waitFor } from '../support/wait.js';
import { scratchRoot } from './lifetime/paths.js';
import { isAlive, livingOwner, type Owner } from './lifetime/owner.js';
import { openOwnFolder } from './lifetime/ownFolder.js';
import type { Plan } from '../scenario/model/planTypes.js';
import { dockerConnectionSchema } from './port/dockerConnection.js';
import type { Lab } from './port/port.js';
import { makeScratch } from './lifetime/scratch.js';

/** A lab that a process of this user holds open, as `shell` and `down` find it. */
const sessionSchema = z.object({
  runId: z.string(),
  scenario: z.string(),
  connection: dockerConnectionSchema,
  /** For each node's name, its container. */
  nodes: z.record(z.string(), z.string()),
});
export type Session = Immutable<z.infer<typeof sessionSchema>>;

const prefix = 'session-';
const fileName = 'session.json';
/** The largest session file that is read, in bytes; a real one has one or two thousand. */
const largestFile = 1 << 20;

/** Publishes a lab until the signal aborts, then removes the file. Rejects with LabError when the lab is lost. */
export async function holdSession(
  { lab, plan }: { readonly lab: Lab; readonly plan: Plan },
  signal: AbortSignal,
): Promise<void> {
  const { directory, remove } = await makeScratch(`${prefix}${plan.runId}`);
  try {
    const session: Session = {
      runId: plan.runId,
      scenario: plan.scenario,
      connection: lab.connection,
      nodes: Object.fromEntries(lab.nodes.map(({ shape }) => [shape.name, shape.container])),
    };
    await writeFile(path.join(directory, fileName), JSON.stringify(session), { mode: 0o600 });
    await Promise.race([lab.lost, aborted(signal)]);
  } finally {
    await remove();
  }
}

/** Finds the lab that is up. Rejects with LabError when there is none, or several and no run id tells which. */
export async function readSession(runId?: string): Promise<Session> {
  const up = await livingSessions();
  const found = runId === undefined ? up : up.filter(({ session }) => session.runId === runId);
  const [only, other] = found;
  if (only === undefined) {
    throw new LabError(runId === undefined ? 'no lab is up' : `no lab with the run id ${runId} is up`, {
      hint: 'bring one up with `lvs-lab up SCENARIO`, or keep one with `lvs-lab run --keep SCENARIO`',
    });
  }
  if (other !== undefined) {
    throw new LabError(`${String(found.length)} labs are up, expected to choose one`, {
      details: found.map(({ session }) => `${session.runId}  ${session.scenario}`).join('\n'),
      hint: 'name one with --run RUNID',
    });
  }
  return only.session;
}

/** Asks the process that holds a lab to take it down, and waits until it has. */
export async function stopSession(runId?: string): Promise<Session> {
  const session = await readSession(runId);
  const holder = (await livingSessions()).find((one) => one.session.runId === session.runId)?.owner;
  if (holder === undefined || !(await isAlive(holder))) return session;
  process.kill(holder.pid, 'SIGTERM');
  await waitFor(
    `the lab ${session.runId} to be taken down by process ${String(holder.pid)}`,
    async () => ((await isAlive(holder)) ? undefined : true),
    { seconds: 60, everyMs: 100 },
  );
  return session;
}

/** The published labs whose process is alive. Throws LabError when somebody else made the folder, because nothing in it can be trusted then. */
async function livingSessions(): Promise<readonly { readonly session: Session; readonly owner: Owner }[]> {
  using root = openOwnFolder(scratchRoot(), 'private');
  if (root === undefined) return [];
  const names = (await readdir(root.path)).filter((name) => name.startsWith(prefix));
  const found: { readonly session: Session; readonly owner: Owner }[] = [];
  for (const name of names) {
    using directory = openOwnFolder(path.join(root.path, name), 'private', path.join(scratchRoot(), name));
    if (directory === undefined) continue;
    const owner = await livingOwner(directory.path);
    if (owner === undefined) continue;
    const published = path.join(directory.path, fileName);
    const session = await readPublished(published, path.join(scratchRoot(), name, fileName), owner);
    if (session !== undefined) found.push({ session, owner });
  }
  return found;
}

/**
 * Reads a session file, named as `shown`; undefined when there is none, or its process is still writing it. Throws LabError when it is
 * whole and nothing that this version writes.
 */
async function readPublished(file: string, shown: string, { pid }: Owner): Promise<Session | undefined> {
  const text = await readRegularText(file, largestFile).catch(() => undefined);
  if (text === undefined || !isJson(text)) return undefined;
  try {
    return parseJson(sessionSchema, text);
  } catch (cause) {
    throw new LabError(`expected ${shown} to tell of a lab that is up: ${messageOf(cause)}`, {
      cause,
      hint: `end the lab with the version of lvs-lab that made it, or with \`kill ${String(pid)}\``,
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
