import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../engine/port/port.js';
import { isNoSpace } from '../../support/noSpace.js';
import { abortable } from '../../support/wait.js';
import { NotReady } from '../lab/configureLab.js';
import { RulesError } from '../nodes/rulesError.js';

/** Milliseconds from a broken connection until it is known that QEMU has ended. */
const lostMs = 250;

/**
 * Settles like `work`, but rejects as soon as the lab, if there is one, is lost or the run is aborted. An error in a lab also tells what the
 * lab's kernel complained of.
 */
export function alive<T>(work: Promise<T>, lab: Lab | undefined, signal: AbortSignal): Promise<T> {
  if (lab === undefined) return abortable(work, signal);
  const inLab = Promise.race([lostFirst(work, lab), lab.lost]).catch((error: unknown) => {
    throw isElsewhere(error) ? error : lab.withComplaint(error);
  });
  return abortable(inLab, signal);
}

/** Whether what is wrong is in a file of the user's, on this machine's disk, or in how packets get through, whatever the lab's kernel says. */
function isElsewhere(error: unknown): boolean {
  return error instanceof RulesError || error instanceof NotReady || isNoSpace(error);
}

/** Settles like `work`. When that fails, waits a moment for the lab's own notice of its end, which says more. */
async function lostFirst<T>(work: Promise<T>, { lost }: Lab): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await Promise.race([lost, sleep(lostMs)]);
    throw error;
  }
}
