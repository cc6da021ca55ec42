import type { KernelConfigDigest } from '../../contracts/identities.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { askVersions } from '../docker/askVersions.js';
import { createNodes } from '../docker/lab.js';
import { labRoom } from '../docker/labRoom.js';
import { rangesOf } from '../docker/labNetwork.js';
import { hostRules, tryRules } from '../docker/oneShotScripts.js';
import { removeByLabel, removeMatching, runLabel } from '../docker/remove.js';
import type { ImageSet } from '../images/imageSet.js';
import { LabError } from '../../support/errors.js';
import { ProcessPace } from '../pace/processPace.js';
import type { EngineIdentity } from '../port/engineIdentity.js';
import type { ReachedEngine } from './reachEngine.js';
import type { Engine, ExecResult, Lab, RuleStep } from '../port/port.js';

interface Opened {
  readonly reached: ReachedEngine;
  readonly identity: EngineIdentity;
  readonly images: ImageSet;
  readonly runId: string;
  readonly signal: AbortSignal;
  /** The configuration of the kernel under test, when this machine has it. */
  readonly kernelConfig: KernelConfigDigest | undefined;
}

/** Bytes that one lab needs at most: its containers, including the client's load agent. */
const bytesPerLab = 500e6;

/** The user's own engine, on which all labs are. */
export class LocalEngine implements Engine {
  readonly identity: EngineIdentity;
  readonly sharedRunId = undefined;
  /** This process has the same processors, where the engine is on this machine. */
  readonly #pace = ProcessPace.of('this process', 'self');

  constructor(private readonly open: Opened) {
    this.identity = open.identity;
  }

  get room(): number {
    return labRoom(this.identity, bytesPerLab);
  }

  async createLab(shape: LabShape): Promise<Lab> {
    const { reached, images, kernelConfig, runId, signal } = this.open;
    const { docker, connection } = reached;
    const { architecture } = this.identity;
    const materials = { docker, images, architecture, signal, pace: this.#pace };
    const { nodes, known } = await createNodes(materials, shape);
    return {
      shape,
      nodes,
      connection,
      known,
      preparationSeconds: 0,
      kept: undefined,
      networks: async () =>
        (await Promise.all(shape.networks.map(({ name }) => rangesOf(docker, name)))).flat(),
      versions: () => askVersions(docker, images, kernelConfig),
      hostRules: () => hostRules(docker, images.director, runId),
      followKernel: () =>
        Promise.reject(
          new LabError(
            "the engine's kernel is this machine's, and the lab looks into that of its own VM only",
          ),
        ),
      // Nobody reads its kernel's messages.
      withComplaint: (error) => error,
      // A local engine that goes away fails every call; there is no other sign of it.
      lost: new Promise<never>(() => undefined),
      [Symbol.asyncDispose]: () => removeByLabel(docker, shape.labels),
    };
  }

  async usedSubnets(): Promise<readonly string[]> {
    const networks = await this.open.reached.docker.listNetworks();
    return networks.flatMap((network) =>
      (network.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) => subnet ?? []),
    );
  }

  tryRules(
    runId: string,
    steps: readonly RuleStep[],
    { seconds }: { readonly seconds: number },
  ): Promise<ExecResult> {
    const { reached, images } = this.open;
    return tryRules(reached.docker, images.director, { runId, steps, seconds });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { reached, runId } = this.open;
    try {
      await removeMatching(reached.docker, [`${runLabel}=${runId}`]);
    } finally {
      await reached[Symbol.asyncDispose]();
    }
  }
}
