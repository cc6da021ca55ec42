import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import type { NetworkMode } from '../../contracts/words/network.js';
import { ownerLabel, ownerTag } from '../lifetime/owner.js';
import type { ExecOptions, ExecResult } from '../port/port.js';
import type { Pace } from '../../support/patience.js';
import { runExec } from './nodes/containerExec.js';
import { runLabel } from './remove.js';

/** A container that runs one command. */
export interface OneShotContainer extends Partial<ExecOptions> {
  readonly runId: string;
  /** A part of the container's name. */
  readonly purpose: string;
  readonly image: string;
  readonly network: NetworkMode;
  readonly argv: readonly string[];
  readonly pace?: Pace | undefined;
}

/** Runs a command in a container of its own that may administer its network, and removes the container. */
export async function runOneShot(docker: Docker, throwaway: OneShotContainer): Promise<ExecResult> {
  const { runId, purpose, image, network, argv, seconds = 60, input, pace } = throwaway;
  // Several labs of a run may want one for the same purpose at the same time.
  const name = `lvs-lab-${runId}-${purpose}-${randomBytes(4).toString('hex')}`;
  const container = await docker.createContainer({
    name,
    Image: image,
    Labels: { [runLabel]: runId, [ownerLabel]: await ownerTag() },
    HostConfig: { NetworkMode: network, CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'NET_RAW'] },
  });
  try {
    await container.start();
    return await runExec(docker, name, argv, { seconds, pace, ...(input === undefined ? {} : { input }) });
  } finally {
    // `clean` finds it by its label; what was learnt from it matters more.
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}
