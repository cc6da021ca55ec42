import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { abortable, withDeadline } from '../../support/wait.js';
import { connectDocker, dockerHost } from '../docker/connection.js';
import type { DockerConnection } from '../port/dockerConnection.js';
import { bindAndIdentify, factsOf, type DockerFacts } from '../docker/identity.js';
import { whyNoIpvs } from '../docker/ipvsProbe.js';
import { provideImages, type ImageSet } from '../images/imageSet.js';
import { readImageSources } from '../images/imageSources.js';
import { provideTools } from '../images/toolLayer.js';
import type { ToolSet } from '../toolSets/toolSet.js';
import type { ImageGroup } from '../images/groups.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { LocalEngine } from './localEngine.js';
import { localConnection } from './localConnection.js';
import { hostKernelConfig } from './kernelConfig.js';

export interface LocalOptions {
  readonly groups: readonly ImageGroup[];
  /** What is put into the images; undefined: nothing. */
  readonly tools: ToolSet | undefined;
  readonly runId: string;
  readonly progress: EngineProgress;
}

/** A local engine that has been tried and can do IPVS. */
export interface TriedEngine {
  readonly docker: Docker;
  readonly connection: DockerConnection;
  readonly images: ImageSet;
  readonly facts: DockerFacts;
}

const reachSeconds = 10;

/**
 * Tries the user's own engine. Rejects with LabError when it cannot be reached, cannot be given the lab's images, or its
 * kernel has no IPVS.
 */
export async function tryLocal(options: LocalOptions): Promise<TriedEngine> {
  const connection = localConnection();
  const reach = async () => {
    const docker = await connectDocker(connection);
    return { docker, facts: await factsOf(docker) };
  };
  const alive = <T>(work: Promise<T>): Promise<T> => abortable(work, options.progress.signal);
  const answer = withDeadline('the first answer', reach(), reachSeconds);
  const { docker, facts } = await alive(answer).catch((error: unknown) => {
    options.progress.signal.throwIfAborted();
    const reason = (error as Error).message;
    throw new LabError(`no Docker engine answers at ${dockerHost(connection)}: ${reason}`, {
      hint: 'start Docker or set DOCKER_HOST, or use --engine vm, which brings an engine of its own',
      cause: error,
    });
  });
  const { images, failure } = await alive(tryImages(docker, options)).catch((error: unknown) => {
    if (error instanceof LabError) throw error;
    // What the engine itself refuses: the client library's plain error, which would keep `auto` from going on to the VM.
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new LabError(`the Docker engine at ${dockerHost(connection)} cannot be used: ${reason}`, {
      hint: 'mend it, or use --engine vm, which brings an engine of its own',
      cause: error,
    });
  });
  if (failure !== undefined) {
    throw new LabError(`the Docker engine at ${dockerHost(connection)} cannot be a director: ${failure}`, {
      hint: "load the module on the engine's host (`sudo modprobe ip_vs`), or use --engine vm",
    });
  }
  return { docker, connection, images, facts };
}

/** Opens the user's own engine; rejects as `tryLocal` does. */
export async function openLocal(options: LocalOptions, reason: string): Promise<LocalEngine> {
  const { docker, connection, images } = await tryLocal(options);
  const facts = await bindAndIdentify(docker, connection);
  return new LocalEngine({
    docker,
    connection,
    images,
    runId: options.runId,
    signal: options.progress.signal,
    identity: { kind: 'local', ...facts, accelerator: undefined, reason },
    kernelConfig: await hostKernelConfig(facts.kernel),
  });
}

async function tryImages(docker: Docker, options: LocalOptions) {
  const { groups, tools, progress } = options;
  const released = await provideImages(docker, groups, await readImageSources(), progress);
  const images = await provideTools(docker, released, tools, progress);
  return { images, failure: await whyNoIpvs(docker, images.director, options.runId) };
}
