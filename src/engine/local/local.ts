import type Docker from 'dockerode';
import { LabError, messageOf } from '../../support/errors.js';
import { abortable, withDeadline } from '../../support/wait.js';
import { bindAndIdentify, factsOf, type DockerFacts } from '../docker/identity.js';
import { whyNoIpvs } from '../docker/ipvsProbe.js';
import { provideImages, type ImageSet } from '../images/imageSet.js';
import { readImageSources } from '../images/imageSources.js';
import { provideTools } from '../images/toolLayer.js';
import type { ToolSet } from '../toolSets/toolSet.js';
import type { ImageGroup } from '../images/groups.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { LocalEngine } from './localEngine.js';
import { localEndpoint } from './localEndpoint.js';
import { refuseWithoutSetpriv } from './refuseWithoutSetpriv.js';
import { endpointText, reachEngine, type ReachedEngine } from './reachEngine.js';
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
  /** Its name in messages. */
  readonly where: string;
  readonly reached: ReachedEngine;
  readonly images: ImageSet;
  readonly facts: DockerFacts;
}

/** An engine of another machine is logged in to first. */
const reachSeconds = { here: 10, ssh: 40 };

/**
 * Tries the user's own engine; the caller disposes of `reached` in what this resolves with. Rejects with LabError when the engine cannot be found
 * or reached, cannot be given the lab's images, or its kernel has no IPVS.
 */
export async function tryLocal(options: LocalOptions): Promise<TriedEngine> {
  const endpoint = await localEndpoint();
  const where = endpointText(endpoint);
  const noAnswer = (reason: string, cause: unknown): LabError =>
    new LabError(`no Docker engine answers at ${where}: ${reason}`, {
      hint: 'start Docker, set DOCKER_HOST or choose a context (`docker context use`), or use --engine vm, which brings an engine of its own',
      cause,
    });
  const reached = await reachEngine(endpoint).catch((error: unknown) => {
    throw noAnswer(messageOf(error), error);
  });
  try {
    const seconds = endpoint.reach.kind === 'ssh' ? reachSeconds.ssh : reachSeconds.here;
    const answer = withDeadline('the first answer', factsOf(reached.docker), seconds);
    const facts = await abortable(answer, options.progress.signal).catch((error: unknown) => {
      options.progress.signal.throwIfAborted();
      throw noAnswer(reached.reason(error), error);
    });
    refuseWithoutSetpriv();
    return { where, reached, facts, images: await usableImages(reached, where, options) };
  } catch (error) {
    await reached[Symbol.asyncDispose]();
    throw error;
  }
}

/** The lab's images on an engine that can be a director. Rejects with LabError when it cannot. */
async function usableImages(reached: ReachedEngine, where: string, options: LocalOptions): Promise<ImageSet> {
  const tried = abortable(tryImages(reached.docker, options), options.progress.signal);
  const { images, failure } = await tried.catch((error: unknown) => {
    if (error instanceof LabError) throw error;
    // What the engine itself refuses: the client library's plain error, which would keep `auto` from going on to the VM.
    throw new LabError(`the Docker engine at ${where} cannot be used: ${reached.reason(error)}`, {
      hint: 'mend it, or use --engine vm, which brings an engine of its own',
      cause: error,
    });
  });
  if (failure !== undefined) {
    throw new LabError(`the Docker engine at ${where} cannot be a director: ${failure}`, {
      hint: "load the module on the engine's host (`sudo modprobe ip_vs`), or use --engine vm",
    });
  }
  return images;
}

/** Opens the user's own engine; rejects as `tryLocal` does. */
export async function openLocal(options: LocalOptions, reason: string): Promise<LocalEngine> {
  const { reached, images } = await tryLocal(options);
  try {
    const facts = await bindAndIdentify(reached.docker, reached.connection);
    return new LocalEngine({
      reached,
      images,
      runId: options.runId,
      signal: options.progress.signal,
      identity: { kind: 'local', ...facts, accelerator: undefined, reason },
      kernelConfig: await hostKernelConfig(facts.kernel),
    });
  } catch (error) {
    await reached[Symbol.asyncDispose]();
    throw error;
  }
}

async function tryImages(docker: Docker, options: LocalOptions) {
  const { groups, tools, progress } = options;
  const released = await provideImages(docker, groups, await readImageSources(), progress);
  const images = await provideTools(docker, released, tools, progress);
  return { images, failure: await whyNoIpvs(docker, images.director, options.runId) };
}
