import type Docker from 'dockerode';
import { filterAsync } from '../../support/filterAsync.js';

/** The key of the label that every container and network of the lab carries; its value is the run's id. */
export const runLabel = 'lvs-lab.run';

/** Removes all containers and networks that carry all of the labels; resolves when they are gone. */
export async function removeByLabel(docker: Docker, labels: Readonly<Record<string, string>>): Promise<void> {
  await removeMatching(
    docker,
    Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  );
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Removes the containers and networks that match all label filters (`key` or `key=value`) and that `wanted` accepts; returns the names of
 * what was removed.
 */
export async function removeMatching(
  docker: Docker,
  label: readonly string[],
  wanted: (object: Labelled) => Promise<boolean> = () => Promise.resolve(true),
): Promise<readonly string[]> {
  // Without one the engine would list everything it has.
  if (!label.some((one) => one === runLabel || one.startsWith(`${runLabel}=`))) {
    throw new RangeError(`expected the label ${runLabel} among ${JSON.stringify(label)}`);
  }
  const filters = { label: [...label] };
  const containers = await only(await docker.listContainers({ all: true, filters }), wanted);
  await Promise.all(
    containers.map((container) =>
      ignoreMissing(docker.getContainer(container.Id).remove({ force: true, v: true })),
    ),
  );
  const networks = await only(await docker.listNetworks({ filters }), wanted);
  await Promise.all(networks.map((network) => ignoreMissing(docker.getNetwork(network.Id).remove())));
  return [
    ...containers.map((container) => `container ${container.Names[0]?.slice(1) ?? container.Id}`),
    ...networks.map((network) => `network ${network.Name}`),
  ];
}

function only<T extends { readonly Labels?: Readonly<Record<string, string>> | undefined }>(
  objects: readonly T[],
  wanted: (object: Labelled) => Promise<boolean>,
): Promise<readonly T[]> {
  return filterAsync(objects, (object) => wanted({ labels: object.Labels ?? {} }));
}

/** Waits for a removal and ignores 404 (gone) and 409 (going): somebody else may remove the same thing at the same time. */
async function ignoreMissing(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const { statusCode } = error as { readonly statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
}
