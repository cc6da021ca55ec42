import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const waitSeconds = 900;

/**
 * Runs `work` while no other process does so with the same folder. A lock whose owner is dead is taken over.
 * @template T
 * @param {string} path the lock: a folder holding its owner's process id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  const giveUp = Date.now() + waitSeconds * 1000;
  let told = false;
  while (!tryLock(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) takeAway(path, owner);
    else if (Date.now() > giveUp) {
      throw new Error(
        `waited ${waitSeconds} s for process ${owner ?? '?'} to finish; if it hangs, remove ${path}`,
      );
    } else {
      if (!told)
        process.stderr.write(`waiting for process ${owner ?? '?'}, which is installing or building\n`);
      told = true;
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    takeAway(path, process.pid);
  }
}

/**
 * The folder appears with its owner inside, in one rename: a rename onto a folder that is not empty fails.
 * @param {string} path
 */
function tryLock(path) {
  const fresh = `${path}.${randomUUID()}`;
  mkdirSync(fresh);
  writeFileSync(`${fresh}/pid`, String(process.pid));
  try {
    renameSync(fresh, path);
    return true;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Moved aside before it is removed: whoever else comes at the same moment finds a lock or none, never half of one.
 * @param {string} path
 * @param {number} owner whose lock it must be
 */
function takeAway(path, owner) {
  if (ownerOf(path) !== owner) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  // Between the look and the rename the owner may have changed: then it was not ours to take.
  if (ownerOf(aside) === owner) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, path);
}

/**
 * @param {string} path
 * @returns {number | undefined}
 */
function ownerOf(path) {
  try {
    return Number(readFileSync(`${path}/pid`, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
