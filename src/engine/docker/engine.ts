import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { runThrowaway } from './throwaway.js';
import type { LabShape } from '../../scenario/types.js';
import type { ImageSet } from '../images/images.js';
import type { Engine, EngineIdentity, Lab } from '../port.js';
import type { DockerConnection } from './connection.js';
import { createDockerLab } from './lab.js';

interface Parts {
  readonly docker: Docker;
  readonly connection: DockerConnection;
  readonly identity: EngineIdentity;
  readonly images: ImageSet;
  readonly lost: Promise<never>;
  readonly close: () => Promise<void>;
}

/** What both adapters are once they are open: a Docker API, the lab's images on it, and a way to close it. */
export class DockerEngine implements Engine {
  readonly identity: EngineIdentity;
  readonly lost: Promise<never>;
  readonly connection: DockerConnection;

  readonly images: ImageSet;

  constructor(private readonly parts: Parts) {
    this.images = parts.images;
    this.identity = parts.identity;
    this.lost = parts.lost;
    this.connection = parts.connection;
  }

  createLab(shape: LabShape): Promise<Lab> {
    return createDockerLab(this.parts.docker, this.images, shape);
  }

  async usedSubnets(): Promise<readonly string[]> {
    const networks = await this.parts.docker.listNetworks();
    return networks.flatMap((network) =>
      (network.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) => subnet ?? []),
    );
  }

  async hostRules(runId: string): Promise<string> {
    const { docker, images } = this.parts;
    const result = await runThrowaway(docker, {
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.close();
  }
}
