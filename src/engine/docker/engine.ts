import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { packageRoot } from '../../support/packageRoot.js';
import { runOneShot } from './oneShotContainer.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import type { ImageSet } from '../images/images.js';
import type { DockerConnection } from '../port/dockerConnection.js';
import type { EngineIdentity } from '../port/engineIdentity.js';
import type { KernelConfigDigest } from '../../contracts/identities.js';
import type { Engine, EngineVersions, ExecResult, Lab } from '../port/port.js';
import { createDockerLab } from './lab.js';
import { engineVersions } from './engineVersions.js';

interface Opened {
  readonly docker: Docker;
  readonly connection: DockerConnection;
  readonly identity: EngineIdentity;
  readonly images: ImageSet;
  /** The configuration of the kernel under test, when the code that opened the engine has it. */
  readonly kernelConfig?: KernelConfigDigest | undefined;
  readonly lost: Promise<never>;
  readonly discardsLabs: boolean;
  readonly close: () => Promise<void>;
}

/** A Docker API that has the lab's images, with a way to close it: what both adapters are once they are open. */
export class DockerEngine implements Engine {
  readonly identity: EngineIdentity;
  readonly lost: Promise<never>;
  readonly connection: DockerConnection;
  readonly discardsLabs: boolean;
  readonly images: ImageSet;

  constructor(private readonly open: Opened) {
    this.images = open.images;
    this.identity = open.identity;
    this.lost = open.lost;
    this.connection = open.connection;
    this.discardsLabs = open.discardsLabs;
  }

  createLab(shape: LabShape): Promise<Lab> {
    return createDockerLab(this.open.docker, this.images, shape, this.identity.architecture);
  }

  async usedSubnets(): Promise<readonly string[]> {
    const networks = await this.open.docker.listNetworks();
    return networks.flatMap((network) =>
      (network.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) => subnet ?? []),
    );
  }

  parts(): Promise<EngineVersions> {
    const { docker, images, kernelConfig } = this.open;
    return engineVersions(docker, images, kernelConfig);
  }

  async hostRules(runId: string): Promise<string> {
    const { docker, images } = this.open;
    const result = await runOneShot(docker, {
      runId,
      purpose: 'host-rules',
      image: images.director,
      network: 'host',
      argv: ['nft', 'list', 'ruleset'],
    });
    if (result.exitCode === 0) return result.stdout;
    throw new LabError("could not list the packet filter of the engine's own network namespace", {
      details: `${result.stdout}${result.stderr}`.trim(),
    });
  }

  async tryRules(
    runId: string,
    words: readonly string[],
    { seconds }: { readonly seconds: number },
  ): Promise<ExecResult> {
    const { docker, images } = this.open;
    const script = await readFile(path.join(packageRoot, 'lab', 'node', 'try-rules.sh'), 'utf8');
    return runOneShot(docker, {
      runId,
      purpose: 'try-rules',
      image: images.director,
      network: 'none',
      argv: ['bash', '-c', script, 'try-rules.sh', String(words.length / 2)],
      input: words.map((word) => `${word}\0`).join(''),
      seconds,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.open.close();
  }
}
