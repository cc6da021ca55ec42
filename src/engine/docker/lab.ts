import type Docker from 'dockerode';
import type { LabShape } from '../../scenario/model/planTypes.js';
import type { ImageSet } from '../images/images.js';
import { ownerLabel, ownerLabelValue } from '../lifetime/owner.js';
import type { EngineNetwork, Lab } from '../port/port.js';
import { createNetwork, rangesOf } from './labNetwork.js';
import { DockerNode } from './nodes/node.js';
import { nodeFiles } from './nodes/nodeFiles.js';
import { removeByLabel } from './remove.js';

/**
 * Creates a shape's networks, and then all of its nodes at the same time. When that fails, it removes what it has created. `architecture`
 * is the engine's, as Docker spells it.
 */
export async function createDockerLab(
  docker: Docker,
  images: ImageSet,
  shape: LabShape,
  architecture: string,
): Promise<Lab> {
  const dispose = (): Promise<void> => removeByLabel(docker, shape.labels);
  try {
    const labels = { ...shape.labels, [ownerLabel]: await ownerLabelValue() };
    await Promise.all(shape.networks.map((network) => createNetwork(docker, network, labels)));
    const nodes = await settleAll(
      shape.nodes.map(async (node) =>
        DockerNode.start(docker, {
          // A router needs what a director has.
          image: images[node.role === 'router' ? 'director' : node.role],
          node,
          networks: shape.networks,
          labels,
          files: await nodeFiles(node, architecture),
        }),
      ),
    );
    const networks = async (): Promise<readonly EngineNetwork[]> =>
      (await Promise.all(shape.networks.map(({ name }) => rangesOf(docker, name)))).flat();
    return { shape, nodes, networks, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    // What could not be removed goes with the engine's run; the error to see is the one that led here.
    await dispose().catch(() => undefined);
    throw error;
  }
}

/** Like Promise.all, but waits for every one before it rejects: nothing may still be starting when cleanup runs. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
