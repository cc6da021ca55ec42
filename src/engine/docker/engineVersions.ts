import type Docker from 'dockerode';
import type { ImageSet } from '../images/images.js';
import type { EngineVersions, ImageIdentity, KernelConfig } from '../port/port.js';

/** Asks an engine what its labs are made of. Rejects with the client library's error. */
export async function engineVersions(
  docker: Docker,
  images: ImageSet,
  kernelConfig: KernelConfig | undefined,
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
  const { Version: version, Components: components } = (await docker.version()) as {
    readonly Version: string;
    /** The engine's components; left out by engines that only imitate Docker's API. */
    readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
  };
  const named = (components ?? []).map(({ Name: name, Version: each }) => [name, each] as const);
  return Object.fromEntries(named.length === 0 ? [['Engine', version]] : named);
}

async function imageOf(docker: Docker, reference: string): Promise<ImageIdentity> {
  const { Id: id, RepoDigests: digests } = (await docker.getImage(reference).inspect()) as {
    readonly Id: string;
    readonly RepoDigests?: readonly string[] | null;
  };
  return { reference, id, digests: digests ?? [] };
}
