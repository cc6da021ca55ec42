import type Docker from 'dockerode';
import { GenericContainer, StartupCheckStrategy, type StartupStatus } from 'testcontainers';
import type { LabShape, NodeShape } from '../../../scenario/model/planTypes.js';
import { isServing, type NodeFile } from './nodeFiles.js';

export interface NodeRequest {
  readonly image: string;
  readonly node: NodeShape;
  /** The container in whose network namespace it is to be; undefined: it gets one of its own. */
  readonly within: string | undefined;
  readonly networks: LabShape['networks'];
  readonly labels: Readonly<Record<string, string>>;
  readonly files: readonly NodeFile[];
}

/**
 * The parts of /proc that are read-only: those that Docker makes so, except /proc/sys/net. That folder only shows the container's own
 * network namespace, and its sysctls are set and changed during a run. The rest of /proc/sys is the engine's.
 */
const readonlyPaths = [
  ...['bus', 'fs', 'irq', 'sysrq-trigger'].map((name) => `/proc/${name}`),
  ...['abi', 'debug', 'dev', 'fs', 'kernel', 'user', 'vm'].map((name) => `/proc/sys/${name}`),
];

/**
 * The container class of all roles. testcontainers cannot express a static address or read-only paths, so this puts them into the request
 * that testcontainers sends to the engine.
 */
export class NodeContainer extends GenericContainer {
  constructor({ image, node, within, networks, labels, files }: NodeRequest) {
    super(image);
    this.withName(node.container)
      .withLabels({ ...labels, 'lvs-lab.node': node.name })
      .withEnvironment({ ...node.environment })
      .withDroppedCapabilities('ALL')
      .withAddedCapabilities(...node.capabilities)
      .withCopyContentToContainer(files.map((file) => ({ ...file, mode: 0o755 })))
      .withWaitStrategy(new StillRunning());
    if (isServing(node)) {
      this.withCommand(['sh', '/lab/server/start.sh']);
    }
    // Docker's types do not know it yet; its API has had it since 1.38.
    Object.assign(this.hostConfig, { ReadonlyPaths: readonlyPaths });
    if (within !== undefined) {
      this.withNetworkMode(`container:${within}`);
      return;
    }
    const [first] = node.interfaces;
    const network = networks.find((one) => one.network === first?.network);
    if (first === undefined || network === undefined) {
      throw new RangeError(`expected ${node.name} to be on a network of its lab`);
    }
    this.withHostname(node.name).withNetworkMode(network.name);
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: first.address } } },
    };
  }
}

/** Checks only that the main process did not end at once. Whether a node is ready is decided later, by a packet through the whole path. */
class StillRunning extends StartupCheckStrategy {
  override async checkStartupState(docker: Docker, id: string): Promise<StartupStatus> {
    const { State: state } = await docker.getContainer(id).inspect();
    return state.Running ? 'SUCCESS' : 'FAIL';
  }
}
