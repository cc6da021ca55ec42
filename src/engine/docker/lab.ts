import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import type { LabShape } from '../../scenario/planTypes.js';
import type { ImageSet } from '../images/images.js';
import { ownerLabel, ownerLabelValue } from '../owner.js';
import type { Lab } from '../port.js';
import { DockerNode } from './node.js';
import { nodeFiles } from './nodeFiles.js';
import { removeByLabel } from './remove.js';

/**
 * Creates a shape's networks and, at the same time, all of its nodes. Removes what there is of it when that fails. `architecture`
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
    return { shape, nodes, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    // What could not be removed goes with the engine's run; the error to see is the one that led here.
    await dispose().catch(() => undefined);
    throw error;
  }
}

async function createNetwork(
  docker: Docker,
  { name, subnet, gateway }: LabShape['networks'][number],
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      Internal: true,
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
      Labels: labels,
    });
  } catch (error) {
    throw new LabError(`could not create the network ${name} (${subnet})`, {
      hint: 'if the subnet is in use, `lvs-lab clean` removes leftovers of earlier runs',
      cause: error,
    });
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
