import { LabError } from '../../support/errors.js';
import { withDeadline } from '../../support/wait.js';
import { connectDocker, dockerHost } from '../docker/connection.js';
import { DockerEngine } from '../docker/engine.js';
import { bindAndIdentify, factsOf } from '../docker/identity.js';
import { whyNoIpvs } from '../docker/ipvsProbe.js';
import { removeMatching, runLabel } from '../docker/remove.js';
import { ensureImages, readImageSources } from '../images/images.js';
import type { Base } from '../images/base.js';
import type { EngineProgress } from '../progress.js';
import { localConnection } from './connection.js';

export interface LocalOptions {
  readonly bases: readonly Base[];
  readonly runId: string;
  readonly progress: EngineProgress;
  /** Told in EngineIdentity.reason when it is taken. */
  readonly reason: string;
}

const reachSeconds = 10;

/**
 * Opens the user's own engine. Rejects with LabError when it cannot be reached, cannot be given the lab's images, or its
 * kernel has no IPVS.
 */
export async function openLocal(options: LocalOptions): Promise<DockerEngine> {
  const connection = localConnection();
  const docker = await connectDocker(connection);
  await withDeadline(`an answer of the Docker engine at ${dockerHost(connection)}`, factsOf(docker), reachSeconds).catch(
    (error: unknown) => {
      throw new LabError(`no Docker engine answers at ${dockerHost(connection)}: ${(error as Error).message}`, {
        hint: 'start Docker or set DOCKER_HOST, or use --engine vm, which brings an engine of its own',
        cause: error,
      });
    },
  );
  const images = await ensureSomeImages(docker, options);
  const failure = await whyNoIpvs(docker, images.director, options.runId);
  if (failure !== undefined) {
    throw new LabError(`the Docker engine at ${dockerHost(connection)} cannot be a director: ${failure}`, {
      hint: 'load the module on the engine\'s host (`sudo modprobe ip_vs`), or use --engine vm',
    });
  }
  const facts = await bindAndIdentify(docker, connection);
  return new DockerEngine({
    docker,
    connection,
    images,
    identity: { kind: 'local', ...facts, accelerator: undefined, reason: options.reason },
    // A local engine that goes away fails every call; there is no other sign of it.
    lost: new Promise<never>(() => undefined),
    close: async () => {
      await removeMatching(docker, [`${runLabel}=${options.runId}`]);
    },
  });
}

/** Takes the first base that works; when none does, tells of them all. */
async function ensureSomeImages(
  docker: Awaited<ReturnType<typeof connectDocker>>,
  { bases, progress }: LocalOptions,
): Promise<Awaited<ReturnType<typeof ensureImages>>> {
  const sources = await readImageSources();
  const failures: LabError[] = [];
  for (const base of bases) {
    try {
      return await ensureImages(docker, base, sources, progress);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      failures.push(error);
      if (bases.length > 1) progress.note(`${error.message}; trying another base`);
    }
  }
  throw failures.length === 1 && failures[0] !== undefined
    ? failures[0]
    : new LabError('no base image could be had for the lab\'s images', {
        details: failures.map((failure) => `${failure.message}${failure.details === undefined ? '' : `\n${failure.details}`}`).join('\n'),
      });
}
