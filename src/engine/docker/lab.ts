import type Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { packageRoot } from '../../support/packageRoot.js';
import type { NodePlan, Plan } from '../../scenario/types.js';
import type { ImageSet } from '../images/images.js';
import { ownerLabel, ownerLabelValue } from '../owner.js';
import type { Lab } from '../port.js';
import { DockerNode } from './node.js';
import type { NodeFile } from './nodeContainer.js';
import { removeByLabel } from './remove.js';

/** Creates a plan's network and, at the same time, all of its nodes. Removes what there is of it when that fails. */
export async function createDockerLab(docker: Docker, images: ImageSet, plan: Plan): Promise<Lab> {
  const dispose = (): Promise<void> => removeByLabel(docker, plan.labels);
  try {
    await createNetwork(docker, plan);
    const owner = { [ownerLabel]: await ownerLabelValue() };
    const nodes = await settleAll(
      plan.nodes.map(async (node) =>
        DockerNode.start(docker, {
          image: images[node.role],
          plan,
          node,
          labels: owner,
          files: await nodeFiles(node),
        }),
      ),
    );
    return { plan, nodes, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    // What could not be removed goes with the engine's run; the error to see is the one that led here.
    await dispose().catch(() => undefined);
    throw error;
  }
}

async function createNetwork(docker: Docker, plan: Plan): Promise<void> {
  const { name, subnet, gateway } = plan.network;
  try {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      Internal: true,
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
      Labels: { ...plan.labels, [ownerLabel]: await ownerLabelValue() },
    });
  } catch (error) {
    throw new LabError(`could not create the network ${name} (${subnet})`, {
      hint: 'if the subnet is in use, `lvs-lab clean` removes leftovers of earlier runs',
      cause: error,
    });
  }
}

/** What the lab runs inside its nodes, and the node's rules. */
async function nodeFiles(node: NodePlan): Promise<NodeFile[]> {
  const names = ['sampler.sh', 'collect.sh', ...(node.role === 'client' ? ['probe.sh'] : [])];
  const scripts = names.map(async (name) => ({
    target: `/lab/${name}`,
    content: await readFile(path.join(packageRoot, 'lab', 'node', name), 'utf8'),
  }));
  const files = await Promise.all(scripts);
  if (node.rules !== undefined) files.push({ target: node.rules.file, content: node.rules.text });
  if (node.role === 'client') {
    files.push({
      target: '/lab/agent.cjs',
      content: await readFile(path.join(packageRoot, 'dist', 'lab', 'agent.cjs'), 'utf8'),
    });
  }
  return files;
}

/** Like Promise.all, but waits for every one before it rejects: nothing may still be starting when cleanup runs. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
