import type Docker from 'dockerode';
import { z } from 'zod';
import { matchShape, parseJson } from '../../support/parseJson.js';
import type { ImageSet } from '../images/imageSet.js';
import { toolsLabel } from '../images/toolLayer.js';
import { addedToolsSchema, type ImageIdentity, type KernelConfigDigest } from '../../contracts/identities.js';
import type { EngineVersions } from '../port/engineVersions.js';

const component = z.object({ Name: z.string(), Version: z.string() });

/** What is needed of an engine's answers. Engines that only imitate Docker's API leave components and digests out. */
const versionSchema = z.object({ Version: z.string(), Components: z.array(component).nullish() });
const imageSchema = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** Asks an engine what its labs are made of. Rejects with the client library's error, or when it answers in another way than Docker. */
export async function askVersions(
  docker: Docker,
  images: ImageSet,
  kernelConfig: KernelConfigDigest | undefined,
): Promise<EngineVersions> {
  const [components, client, director, realserver] = await Promise.all([
    componentsOf(docker),
    imageOf(docker, images.client),
    imageOf(docker, images.director),
    imageOf(docker, images.realserver),
  ]);
  // A router is made from the director's image.
  return { components, images: { client, router: director, director, realserver }, kernelConfig };
}

async function componentsOf(docker: Docker): Promise<Readonly<Record<string, string>>> {
  const { Version: version, Components: components } = matchShape(versionSchema, await docker.version());
  const named = (components ?? []).map(({ Name: name, Version: each }) => [name, each] as const);
  return Object.fromEntries(named.length === 0 ? [['Engine', version]] : named);
}

async function imageOf(docker: Docker, reference: string): Promise<ImageIdentity> {
  const {
    Id: id,
    RepoDigests: digests,
    Config: config,
  } = matchShape(imageSchema, await docker.getImage(reference).inspect());
  const label = config?.Labels?.[toolsLabel];
  const tools = label === undefined ? {} : { tools: parseJson(addedToolsSchema, label) };
  return { reference, id, digests: digests ?? [], ...tools };
}
