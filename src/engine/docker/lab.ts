import type Docker from 'dockerode';
import type { LabShape, NodeShape } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import type { Pace } from '../../support/patience.js';
import { abortable, withDeadline } from '../../support/wait.js';
import type { ImageSet } from '../images/imageSet.js';
import { ownerLabel, ownerTag } from '../lifetime/owner.js';
import type { Lab } from '../port/port.js';
import { createNetwork } from './labNetwork.js';
import { DockerNode } from './nodes/node.js';
import { isServing, nodeFiles } from './nodes/nodeFiles.js';
import { removeByLabel } from './remove.js';

/** What labs on an engine are made with. */
export interface LabMaterials {
  readonly docker: Docker;
  readonly images: ImageSet;
  /** The engine's architecture, as Docker spells it. */
  readonly architecture: string;
  /** How fast the engine works. */
  readonly pace: Pace;
  /** Ends the making of a lab. */
  readonly signal: AbortSignal;
}

/** Seconds that creating a lab may take: under emulation, three at once take half a minute. */
const createSeconds = 300;
const lookSeconds = 60;

/** Nodes that have just been created, whose servers listen. */
export interface NewNodes extends Pick<Lab, 'known'> {
  readonly nodes: readonly DockerNode[];
}

/**
 * Creates a shape's networks, and then all of its nodes at the same time. When that fails, it removes what it has created; when the signal
 * aborts, it does so at once, and once more when nothing is being created any more.
 */
export async function createNodes(materials: LabMaterials, shape: LabShape): Promise<NewNodes> {
  const { docker, signal, pace } = materials;
  signal.throwIfAborted();
  const created = create(materials, shape);
  try {
    const inTime = withDeadline('the creation of networks and nodes', created, createSeconds, { pace });
    const nodes = await abortable(inTime, signal);
    // What is within another node shares all that is asked of that.
    const hosts = nodes.filter(({ shape: node }) => isHost(node));
    await Promise.all(hosts.map(emptyFilter));
    await Promise.all(hosts.map(renameDevices));
    await Promise.all(nodes.filter(({ shape: node }) => isServing(node)).map(listens));
    const known = await Promise.all(
      hosts.map(async (node) => [node.shape.name, await knownBy(node)] as const),
    );
    return { nodes, known: Object.fromEntries(known.filter(([, lines]) => lines.length > 0)) };
  } catch (error) {
    // What could not be removed goes with the engine's run; the error to see is the one that led here.
    const remove = (): Promise<void> => removeByLabel(docker, shape.labels).catch(() => undefined);
    await remove();
    if (signal.aborted) {
      // What was being created fails soon when what it belongs to is gone.
      await created.catch(() => undefined);
      await remove();
    }
    throw error;
  }
}

/** Whether a node has a network namespace of its own. */
function isHost({ within }: NodeShape): boolean {
  return within === undefined;
}

/** Takes the engine's own rules away, which switch connection tracking on, before anybody sends a packet. */
async function emptyFilter(node: DockerNode): Promise<void> {
  await output(node, ['bash', '/lab/empty-filter.sh'], "be freed of the engine's own rules");
}

/** Gives interfaces the names that the shape has for them, before anything looks for one by its name. */
async function renameDevices(node: DockerNode): Promise<void> {
  const { devices } = node.shape;
  if (devices !== undefined)
    await output(
      node,
      ['sh', '/lab/devices/rename.sh', ...devices],
      'have its interfaces called as they are',
    );
}

/** Waits until a node's server listens, without a packet, from which nodes would learn each other's addresses. */
async function listens(node: DockerNode): Promise<void> {
  await output(node, ['sh', '/lab/server/listening.sh'], 'have its server listen');
}

async function knownBy(node: DockerNode): Promise<readonly string[]> {
  const text = await output(node, ['bash', '/lab/known.sh'], 'say what it knows');
  return text.split('\n').filter((line) => line !== '');
}

async function output(node: DockerNode, argv: readonly string[], purpose: string): Promise<string> {
  const { exitCode, stdout, stderr } = await node.exec(argv, { seconds: lookSeconds });
  if (exitCode === 0) return stdout;
  throw new LabError(`${node.shape.name} could not ${purpose}: exit code ${String(exitCode)}`, {
    details: `${stdout}${stderr}`.trim(),
  });
}

async function create(
  { docker, images, architecture, signal, pace }: LabMaterials,
  shape: LabShape,
): Promise<readonly DockerNode[]> {
  const labels = { ...shape.labels, [ownerLabel]: await ownerTag() };
  await Promise.all(shape.networks.map((network) => createNetwork(docker, network, labels)));
  signal.throwIfAborted();
  const start = async (node: NodeShape): Promise<DockerNode> =>
    DockerNode.start(docker, pace, {
      // A router needs what a director has.
      image: images[node.role === 'router' ? 'director' : node.role],
      node,
      within: shape.nodes.find(({ name }) => name === node.within)?.container,
      networks: shape.networks,
      labels,
      files: await nodeFiles(node, architecture),
    });
  const hosts = await settleAll(shape.nodes.filter(isHost).map(start));
  // A network namespace is there when its host is.
  return [...hosts, ...(await settleAll(shape.nodes.filter((node) => !isHost(node)).map(start)))];
}

/** Like Promise.all, but waits for every one before it rejects: nothing may still be starting when cleanup runs. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
